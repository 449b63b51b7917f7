import { DRILL_STEPS } from '#application/ports/drill';
import type { BypassCard } from '#application/ports/card';
import type { Note, OutcomeNote, ThreadMessage } from '#application/ports/surface';
import { HOUR_MS, MINUTE_MS } from '#domain/instant';
import { renderNote } from '#slack/cards/render-note';
import { renderThreadMessage } from '#slack/cards/render-thread';
import type { Words } from '#slack/words/words';
import { active, AT, closed, roe, waiting } from '#test/slack/app/sample-card';
import { CARDS } from './cards.ts';
import type { Input } from './input.ts';
import { kept, privately, shelf, type Shelf } from './shown.ts';
import { review } from './surfaces.ts';

/** What an approver wants to know. */
export const QUESTION = 'Which image is it?';

const DRILL_REPORT = {
  kind: 'drill-report',
  card: closed({ drill: true }),
  steps: DRILL_STEPS.map((step, nth) => ({
    step,
    afterMs: step === 'claimed' ? null : nth * 61_700,
  })),
} as const;

type Told = Exclude<Note, { readonly kind: 'refusal' }>;

/** One of each kind: the compiler asks for those that are missing. */
const NOTES: { readonly [Kind in Told['kind']]: Extract<Told, { readonly kind: Kind }> } = {
  'signer-unavailable': { kind: 'signer-unavailable', card: waiting(), retryUntilAt: AT },
  reminder: { kind: 'reminder', card: review(closed()), lateMs: -24 * HOUR_MS },
  'incident-over': { kind: 'incident-over', card: active() },
  failed: { kind: 'failed', reference: 'b6f1' },
  outcome: { kind: 'outcome', card: active() },
  nobody: { kind: 'nobody', card: waiting({ nobodyFor: ['release'] }) },
  expiring: { kind: 'expiring', card: active(), leftMs: 10 * MINUTE_MS, extension: 'possible' },
  'drill-report': DRILL_REPORT,
  'sign-in': {
    kind: 'sign-in',
    card: waiting({ stepUp: true }),
    ttlMs: HOUR_MS,
    link: 'https://breakglass.example/sign-in/AAAA',
    expiresAt: AT + HOUR_MS,
    ownKey: true,
  },
};

const outcome = (name: string): readonly [string, OutcomeNote] => [
  `outcome, ${name}`,
  { kind: 'outcome', card: CARDS[name] ?? waiting() },
];

/** What else the same kinds say. */
const OTHER_NOTES: Readonly<Record<string, Told>> = {
  'reminder, due now': { ...NOTES.reminder, lateMs: 0 },
  'reminder, overdue by hours': { ...NOTES.reminder, lateMs: 5 * HOUR_MS },
  'reminder, overdue by days': { ...NOTES.reminder, lateMs: 50 * HOUR_MS },
  'reminder, risen to a manager': {
    ...NOTES.reminder,
    card: { ...review(closed()), assignee: roe },
    lateMs: 72 * HOUR_MS,
    escalated: true,
  },
  'expiring, an extension waits': { ...NOTES.expiring, extension: 'asked' },
  'expiring, capped': { ...NOTES.expiring, extension: 'capped', leftMs: 90_000 },
  'expiring drill': { ...NOTES.expiring, card: active({ drill: true }), leftMs: 45_000 },
  'sign-in without a key of one’s own': { ...NOTES['sign-in'], ownKey: false },
  'incident-over, of no incident': {
    ...NOTES['incident-over'],
    card: active({ incident: null }),
  },
  ...Object.fromEntries(
    ['waiting', 'closed', 'that does not enforce', 'denied', 'withdrawn', 'lapsed'].map(outcome),
  ),
};

const THREADS: {
  readonly [Kind in ThreadMessage['kind']]: Extract<ThreadMessage, { readonly kind: Kind }>;
} = {
  question: { kind: 'question', card: waiting(), by: roe, text: QUESTION },
  expiring: { kind: 'expiring', card: active(), leftMs: 5 * MINUTE_MS, extension: 'capped' },
  'drill-report': DRILL_REPORT,
};

const cardOf = (note: Note | ThreadMessage): BypassCard | null => {
  if (!('card' in note) || note.card === null) return null;
  return 'card' in note.card ? note.card.card : note.card;
};

/** What is said once: to one person, and in the thread of a card. */
export function notes(words: Words, input: Input): Shelf {
  const note = (one: Told) => {
    const told = input(one);
    return privately(renderNote(told, words), cardOf(told));
  };
  const thread = (one: ThreadMessage) => {
    const said = input(one);
    return kept(renderThreadMessage(said, words), cardOf(said));
  };
  return {
    ...shelf(named('note', NOTES), note),
    ...shelf(named('note', OTHER_NOTES), note),
    ...shelf<ThreadMessage>(named('thread', THREADS), thread),
  };
}

const named = <One>(
  what: string,
  all: Readonly<Record<string, One>>,
): Readonly<Record<string, One>> =>
  Object.fromEntries(Object.entries(all).map(([name, one]) => [`${what}, ${name}`, one]));
