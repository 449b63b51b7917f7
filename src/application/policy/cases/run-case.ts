import { lookUp } from '#domain/policy/evaluate-policy';
import type { Account } from '../../ports/account.ts';
import type { PolicyVersion } from '../../ports/policy-version.ts';
import { durationMs, durationText } from '../duration.ts';
import { explainRequest, type RequestExplained } from '../explain/explain-request.ts';
import { personOf } from '../explain/group-people.ts';
import { namesAccount } from '../names.ts';
import { accountOf } from '../slack-id.ts';
import type { PolicyCase } from './case-document.ts';

/** One thing that is not as expected, as a case would write both. */
export interface Difference {
  readonly what: string;
  readonly expected: string;
  readonly found: string;
}

type Version = Pick<PolicyVersion, 'content' | 'directory'>;
type Expected = PolicyCase['expect'];

/** What differs from what the case expects; empty where it holds. */
export function runCase(version: Version, { ask, expect }: PolicyCase): readonly Difference[] {
  const { directory } = version;
  const requester = ask.requester === undefined ? null : accountNamed(directory, ask.requester);
  if (ask.requester !== undefined && requester === null)
    return [unknownPerson('ask.requester', ask.requester)];
  const { branch = null, severity = null, gate, service, environment } = ask;
  const question = { gate, service, environment, branch, severity, requester };
  const explained = explainRequest(version, question);
  const found = foundIn(explained);
  const stated = statedIn(expect, directory);
  return Object.entries(stated).flatMap(([what, expected]): readonly Difference[] => {
    const is = lookUp(found, what) ?? '';
    return expected === undefined || expected === is ? [] : [{ what, expected, found: is }];
  });
}

/** Each thing as a case writes it: in one order, so that texts can be compared. */
function foundIn(explained: RequestExplained): Readonly<Record<string, string>> {
  const { evaluation, requirements } = explained;
  const asked = requirements.flatMap((one) => one.asked.people.map(({ name }) => name));
  const later = requirements.flatMap((one) =>
    one.later.map(({ afterMs, groups }) =>
      laterText(
        durationText(afterMs),
        groups.map(({ group }) => group),
      ),
    ),
  );
  return {
    tiers: setText(evaluation.tiers),
    unknown: setText(evaluation.unknown),
    approvals: setText(requirements.map(({ from, count }) => `${from}: ${count}`)),
    ttl: listText(evaluation.ttlOffersMs.map(durationText)),
    ttl_max: durationText(evaluation.ttlMaxMs),
    chain_max: durationText(evaluation.chainMaxMs),
    pending: durationText(evaluation.pendingMs),
    attestation: evaluation.attestation,
    step_up: evaluation.stepUp,
    in_flight: evaluation.inFlight,
    escalate: setText(later),
    asked: setText(asked),
    may_ask: toldText(explained.mayAsk),
    can_open: toldText(explained.canOpen),
  };
}

function statedIn(
  expect: Expected,
  directory: Version['directory'],
): Readonly<Record<string, string | undefined>> {
  const { tiers, unknown, approvals, ttl, escalate, asked } = expect;
  return {
    tiers: tiers && setText(tiers),
    unknown: unknown && setText(unknown),
    approvals:
      approvals && setText(Object.entries(approvals).map(([from, count]) => `${from}: ${count}`)),
    ttl: ttl && listText(ttl.map(sameSpan)),
    ttl_max: expect.ttl_max && sameSpan(expect.ttl_max),
    chain_max: expect.chain_max && sameSpan(expect.chain_max),
    pending: expect.pending && sameSpan(expect.pending),
    attestation: expect.attestation,
    step_up: expect.step_up,
    in_flight: expect.in_flight,
    escalate:
      escalate && setText(escalate.map(({ after, add }) => laterText(sameSpan(after), add))),
    asked: asked && setText(asked.map((text) => nameOf(directory, text))),
    may_ask: expect.may_ask?.toString(),
    can_open: expect.can_open?.toString(),
  };
}

const toldText = (told: boolean | null): string =>
  told === null ? 'only a look-up can tell' : String(told);

const laterText = (after: string, add: readonly string[]): string =>
  `after ${after}: ${add.toSorted().join(', ')}`;

const listText = (texts: readonly string[]): string => `[${texts.join(', ')}]`;
const setText = (texts: readonly string[]): string => listText([...new Set(texts)].toSorted());

/** `60m` and `1h` are one span. */
const sameSpan = (text: string): string => durationText(durationMs(text));

/** The account of a text that is one, or of the person of the policy with that id. */
function accountNamed({ people, homeTeam }: Version['directory'], text: string): Account | null {
  if (namesAccount(text)) return accountOf(text, homeTeam);
  return people.find(({ id }) => id === text)?.accounts[0] ?? null;
}

/** Two accounts of one person are one name. */
function nameOf(directory: Version['directory'], text: string): string {
  const account = accountNamed(directory, text);
  return account === null ? text : (personOf(directory, account)?.name ?? text);
}

const unknownPerson = (what: string, text: string): Difference => ({
  what,
  expected: `a person of the policy with the id ${text}`,
  found: 'there is none',
});
