import type { FormField, FormMistake } from '#application/ports/request-forms';
import { cut, oneLine } from '../block-kit/text.ts';
import { durationWords } from './durations.ts';
import { oneOf } from './lists.ts';

const LABELS: Readonly<Record<FormField, string>> = {
  gate: 'gate',
  service: 'service',
  environment: 'environment',
  branch: 'branch',
  artifact: 'artifact',
  severity: 'severity',
  justification: 'justification',
  ttl: 'duration',
  incident: 'incident',
  channel: 'channel',
};

const MALFORMED: Partial<Record<FormField, string>> = {
  artifact: 'Write the digest as sha256: and 64 hex digits.',
  branch: 'This is not a branch name. Write it as git shows it, such as main.',
  justification: 'Say in a few words what is broken and what you will deploy.',
};

/** What is wrong with one field, and what to enter instead. Plain text, shown under the field. */
export function mistakeWords(mistake: FormMistake): string {
  return cut(wordsOf(mistake), 300);
}

function wordsOf(mistake: FormMistake): string {
  const { field, code } = mistake;
  const detail = oneLine(mistake.detail ?? '');
  const label = LABELS[field];
  switch (code) {
    case 'missing':
      return field === 'justification'
        ? 'Say why, in a sentence.'
        : `Choose ${article(label)} ${label}.`;
    case 'unknown':
      return `The policy knows no ${label}${detail && ` “${detail}”`}. Choose one from the list.`;
    case 'malformed':
      return MALFORMED[field] ?? `This is not ${article(label)} ${label}.`;
    case 'too-long':
      return 'This is too long. Shorten it.';
    case 'ttl-not-offered':
      return `Not offered for this scope. Choose ${offers(mistake.offersMs ?? [])}.`;
    case 'not-in-service':
      return `This service has no such ${label}${detail && `; it has ${detail}`}.`;
    case 'not-allowed':
      return 'The policy does not let you ask for this. Ask somebody on call to do it.';
    case 'too-many-waiting':
      return 'Too many of your requests are waiting. Withdraw one first.';
    case 'too-many-asked':
      return 'You asked as often within 24 hours as the policy allows. Ask a colleague to open it.';
    case 'review-overdue':
      return `The post-mortem of bypass ${detail} of this service is overdue. Until it is done, none is opened for it.`;
    case 'channel-shared':
      return 'This channel is shared with another organisation. Choose an internal one.';
    case 'channel-unreachable':
      return 'This app is not in that channel. Invite it there, or choose another.';
  }
}

const offers = (offersMs: readonly number[]): string =>
  offersMs.length === 0 ? 'another scope' : oneOf(offersMs.map(durationWords));

const article = (noun: string): string => (/^[aeiou]/.test(noun) ? 'an' : 'a');
