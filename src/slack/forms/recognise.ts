import type { FormChoices } from '#application/ports/request-forms';
import { parseDuration } from '../words/durations.ts';
import type { FormValues } from './form-values.ts';

const DIGEST = /(?:^|@)(sha256:[0-9a-f]{64})$/i;
const INCIDENT = /^(?:#?[A-Z][A-Z0-9]{1,15}-\d{1,9}|https?:\/\/\S+)$/;
const CHANNEL = /^<#([A-Z0-9]+)>$/;
const BRANCH =
  /^(?:main|master|trunk|develop|(?:release|hotfix|feature|fix)\/\S+|refs\/heads\/\S+)$/;
const PAIR =
  /^(gate|service|svc|env|environment|branch|artifact|digest|severity|sev|ttl|for|incident)[=:](.+)$/i;

type Found = Partial<FormValues>;

/** What one word fills in of what is still empty; `null` if it means nothing. */
export function recognise(word: string, soFar: FormValues, choices: FormChoices): Found | null {
  return pair(word, choices) ?? byShape(word, soFar) ?? byName(word, soFar, choices);
}

/** A name that the policy does not have is left among the words: there it is seen. */
function pair(word: string, choices: FormChoices): Found | null {
  const [, key, value] = PAIR.exec(word) ?? [];
  if (key === undefined || value === undefined) return null;
  const found = pairOf(key, value, choices);
  return found !== null && Object.values(found).includes(null) ? null : found;
}

function pairOf(key: string, value: string, choices: FormChoices): Found | null {
  switch (key.toLowerCase()) {
    case 'gate':
      return { gate: named(value, names(choices.gates)) };
    case 'service':
    case 'svc':
      return { service: named(value, names(choices.services)) };
    case 'env':
    case 'environment':
      return { environment: named(value, environmentsOf(null, choices)) };
    case 'branch':
      return { branch: value };
    case 'severity':
    case 'sev':
      return { severity: named(value, choices.severities) };
    case 'ttl':
    case 'for':
      return duration(value);
    case 'incident':
      return { incident: value };
    default:
      return { artifact: DIGEST.exec(value)?.[1]?.toLowerCase() ?? value };
  }
}

function byShape(word: string, soFar: FormValues): Found | null {
  const digest = DIGEST.exec(word)?.[1];
  if (digest !== undefined && soFar.artifact === null) return { artifact: digest.toLowerCase() };
  const channel = CHANNEL.exec(word)?.[1];
  if (channel !== undefined && soFar.channel === null) return { channel };
  if (INCIDENT.test(word) && soFar.incident === null) return { incident: word };
  return soFar.ttlMs === null ? duration(word) : null;
}

function byName(word: string, soFar: FormValues, choices: FormChoices): Found | null {
  const gate = soFar.gate ?? named(word, names(choices.gates));
  if (gate !== soFar.gate) return { gate };
  const service = soFar.service ?? named(word, names(choices.services));
  if (service !== soFar.service) return { service };
  const environment = soFar.environment ?? named(word, environmentsOf(soFar.service, choices));
  if (environment !== soFar.environment) return { environment };
  const severity = soFar.severity ?? named(word, choices.severities);
  if (severity !== soFar.severity) return { severity };
  return soFar.branch === null && BRANCH.test(word)
    ? { branch: word.replace(/^refs\/heads\//, '') }
    : null;
}

/** The environments of a service; of all of them while none is chosen. */
export function environmentsOf(service: string | null, { services }: FormChoices): string[] {
  const of = service === null ? services : services.filter(({ name }) => name === service);
  return [...new Set(of.flatMap(({ environments }) => environments))];
}

const names = (all: readonly { readonly name: string }[]): string[] => all.map(({ name }) => name);

function named(word: string, known: readonly string[]): string | null {
  const lower = word.toLowerCase();
  return (
    known.find((one) => one === word) ?? known.find((one) => one.toLowerCase() === lower) ?? null
  );
}

function duration(word: string): Found | null {
  const ttlMs = parseDuration(word);
  return ttlMs === null || ttlMs === 0 ? null : { ttlMs };
}

/** The first incident that a message names by a reference, such as `INC-4312`; `null` if it names none. */
export function incidentIn(text: string): string | null {
  const words = text.split(/[\s,;:()[\]]+/);
  return words.find((word) => INCIDENT.test(word) && !word.startsWith('http')) ?? null;
}
