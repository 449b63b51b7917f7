import type { BypassCard } from '#application/ports/card';
import type { RefusalCode, RefusalReason } from '#domain/refusal';
import { HOUR_MS, MINUTE_MS } from '#domain/instant';
import { renderNote } from '#slack/cards/render-note';
import type { Words } from '#slack/words/words';
import { active, AT, closed, waiting } from '#test/slack/app/sample-card';
import { ENDED } from './cards.ts';
import type { Input } from './input.ts';
import { privately, shelf, type Shelf } from './shown.ts';

interface Refused<Reason extends RefusalReason = RefusalReason> {
  readonly reason: Reason;
  /** The kind of the press. */
  readonly tried: string;
  readonly card: BypassCard | null;
}

const none = { card: null } as const;
const open = { tried: 'open', card: null } as const;
const approve = { tried: 'approve', card: waiting() } as const;

/** One of each: the compiler asks for those that are missing. */
const REFUSED: {
  readonly [Code in RefusalCode]: Refused<Extract<RefusalReason, { readonly code: Code }>>;
} = {
  'unknown-bypass': { ...none, tried: 'close', reason: { code: 'unknown-bypass' } },
  'unknown-gate': { ...open, reason: { code: 'unknown-gate', gate: 'image-polcy' } },
  'gates-changed': { ...approve, reason: { code: 'gates-changed', gate: 'release-train' } },
  'form-unusable': { ...open, reason: { code: 'form-unusable', fields: ['branch', 'artifact'] } },
  'not-a-requester': { ...open, reason: { code: 'not-a-requester' } },
  'cannot-act': { ...approve, reason: { code: 'cannot-act', standing: 'guest' } },
  'look-up-failed': { ...approve, reason: { code: 'look-up-failed', groups: ['release'] } },
  'log-held': { ...approve, reason: { code: 'log-held' } },
  'too-many-waiting': { ...open, reason: { code: 'too-many-waiting', limit: 3 } },
  'too-many-asked': { ...open, reason: { code: 'too-many-asked', limit: 12 } },
  'review-overdue': { ...open, reason: { code: 'review-overdue', reference: 988, dueAt: AT } },
  'ttl-not-offered': {
    ...approve,
    reason: { code: 'ttl-not-offered', offersMs: [15 * MINUTE_MS, HOUR_MS] },
  },
  'not-extendable': {
    card: closed(),
    tried: 'extend',
    reason: { code: 'not-extendable', phase: 'closed' },
  },
  'chain-cap-reached': {
    card: active(),
    tried: 'extend',
    reason: { code: 'chain-cap-reached', capAt: AT + 8 * HOUR_MS },
  },
  'own-request': { ...approve, reason: { code: 'own-request' } },
  'already-approved': { ...approve, reason: { code: 'already-approved' } },
  'not-an-approver': { ...approve, reason: { code: 'not-an-approver' } },
  'other-request': { ...approve, reason: { code: 'other-request' } },
  'attestation-required': { ...approve, reason: { code: 'attestation-required' } },
  'step-up-required': { ...approve, reason: { code: 'step-up-required' } },
  'statement-moved': { ...approve, reason: { code: 'statement-moved' } },
  'sign-in-late': { ...approve, reason: { code: 'sign-in-late' } },
  'already-decided': {
    card: ENDED['denied'] ?? waiting(),
    tried: 'approve',
    reason: { code: 'already-decided', phase: 'denied', by: null, at: AT },
  },
  'not-active': {
    card: closed(),
    tried: 'revoke',
    reason: { code: 'not-active', phase: 'closed' },
  },
  'not-due': { card: active(), tried: 'expire', reason: { code: 'not-due' } },
  'not-allowed': {
    card: active(),
    tried: 'revoke',
    reason: { code: 'not-allowed', needs: 'approver-or-admin' },
  },
  'unknown-deploy': { card: active(), tried: 'finish', reason: { code: 'unknown-deploy' } },
  'nothing-changed': { card: active(), tried: 'claim', reason: { code: 'nothing-changed' } },
};

/** What the same reasons say of another press, or at another time. */
const OTHERS: Readonly<Record<string, Refused>> = {
  'own-request, denied': { ...REFUSED['own-request'], tried: 'deny' },
  'own-request, claimed': { ...REFUSED['own-request'], tried: 'claim' },
  'not-an-approver, denied': { ...REFUSED['not-an-approver'], tried: 'deny' },
  'not-an-approver, claimed': { ...REFUSED['not-an-approver'], tried: 'claim' },
  'not-an-approver, asked': { ...REFUSED['not-an-approver'], tried: 'ask' },
  'not-allowed, closed': {
    card: active(),
    tried: 'close',
    reason: { code: 'not-allowed', needs: 'requester' },
  },
  'not-allowed, withdrawn': {
    card: waiting(),
    tried: 'withdraw',
    reason: { code: 'not-allowed', needs: 'requester' },
  },
  'not-allowed, completed': {
    card: closed(),
    tried: 'complete',
    reason: { code: 'not-allowed', needs: 'assignee' },
  },
  'already-decided, approved': {
    card: active(),
    tried: 'deny',
    reason: { code: 'already-decided', phase: 'active', by: null, at: AT },
  },
  'already-decided, closed': {
    card: closed(),
    tried: 'approve',
    reason: { code: 'already-decided', phase: 'closed', by: null, at: AT },
  },
  'already-decided, of what is not shown': {
    card: null,
    tried: 'approve',
    reason: { code: 'already-decided', phase: 'lapsed', by: null, at: AT },
  },
  'not-extendable, for another scope': {
    card: active(),
    tried: 'extend',
    reason: { code: 'not-extendable', phase: 'other-scope' },
  },
  'not-active, without a post-mortem': {
    card: closed(),
    tried: 'complete',
    reason: { code: 'not-active', phase: 'no-post-mortem' },
  },
  'cannot-act, deactivated': {
    ...approve,
    reason: { code: 'cannot-act', standing: 'deactivated' },
  },
  'cannot-act, bot': { ...approve, reason: { code: 'cannot-act', standing: 'bot' } },
  'cannot-act, foreign': { ...approve, reason: { code: 'cannot-act', standing: 'foreign' } },
  'cannot-act, unknown': { ...approve, reason: { code: 'cannot-act', standing: 'unknown' } },
  'ttl-not-offered, none is': { ...approve, reason: { code: 'ttl-not-offered', offersMs: [] } },
  'of a drill': {
    card: waiting({ drill: true }),
    tried: 'approve',
    reason: { code: 'own-request' },
  },
};

/** Every reason why a press changed nothing, as whoever pressed is told. */
export const refusals = (words: Words, input: Input): Shelf =>
  shelf<Refused>({ ...named(REFUSED), ...named(OTHERS) }, (one) => {
    const { reason, tried, card } = input(one);
    const refusal = { refused: true as const, ...reason };
    return privately(renderNote({ kind: 'refusal', refusal, card, tried }, words), card);
  });

const named = (all: Readonly<Record<string, Refused>>): Readonly<Record<string, Refused>> =>
  Object.fromEntries(Object.entries(all).map(([name, one]) => [`refusal, ${name}`, one]));
