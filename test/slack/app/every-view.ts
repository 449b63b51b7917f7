import { DRILL_STEPS } from '#application/ports/drill';
import type { HomeView, ModalView } from '@slack/types';
import type { BypassCard, PostMortemCard } from '#application/ports/card';
import type { BypassLine, Mine } from '#application/ports/mine';
import type { Note, SurfaceModel, ThreadMessage } from '#application/ports/surface';
import { bypassId } from '#domain/ids';
import { HOUR_MS, MINUTE_MS } from '#domain/instant';
import type { RenderedMessage } from '#slack/block-kit/check';
import { bypassChoice } from '#slack/cards/bypass-choice';
import { homeView } from '#slack/cards/home-view';
import { listAnswer } from '#slack/cards/list-answer';
import { renderAnnouncement } from '#slack/cards/render-announcement';
import { renderNote } from '#slack/cards/render-note';
import { renderReplaced } from '#slack/cards/render-replaced';
import { renderSurface } from '#slack/cards/render-surface';
import { renderWithdrawn } from '#slack/cards/render-withdrawn';
import { renderThreadMessage } from '#slack/cards/render-thread';
import { EMPTY_FORM } from '#slack/forms/form-values';
import { noticeModal } from '#slack/forms/notice-modal';
import {
  completeModal,
  denyModal,
  extendModal,
  questionModal,
  revokeModal,
} from '#slack/forms/reason-modals';
import { requestModal } from '#slack/forms/request-modal';
import { showModal } from '#slack/forms/show-modal';
import { en, type Words } from '#slack/words/words';
import { CHOICES } from './fake-ports.ts';
import { active, AT, closed, doe, given, moe, receipt, roe, waiting } from './sample-card.ts';

/** What is said in these views by others than this app. */
export const QUESTION = 'Which image is it?';
export const NOTICE = 'Something to read.';
export const REVIEW = '## Timeline\n- it broke';
const NOTE = 'breakglass.example/log/acme\n1043\nkqZ0\n\n— breakglass.example/log/acme AbCd\n';
export const SIGNED_NOTE = `\`\`\`\n${NOTE}\`\`\``;

/** A message with what it is about; `null` where it is about no bypass. */
export interface ShownMessage {
  readonly message: RenderedMessage;
  readonly card: BypassCard | null;
}

const ended = (phase: 'denied' | 'withdrawn' | 'lapsed'): BypassCard =>
  waiting({ phase, end: { how: phase, by: roe, at: AT, reason: 'Not now', enforces: null } });

/** Every phase, and what changes what a card says. */
export const CARDS: Readonly<Record<string, BypassCard>> = {
  waiting: waiting(),
  'looked at, asked about, beside another': waiting({
    claims: [{ by: moe, at: AT, until: AT + 10 * MINUTE_MS }],
    questions: 1,
    otherActive: [
      {
        reference: 1030,
        gate: 'deploy-window',
        scope: waiting().scope,
        untilAt: AT + HOUR_MS,
      },
    ],
    earlierDenials: [{ by: moe, at: AT, reason: 'Too risky' }],
  }),
  'looked at by its reader': waiting({ claims: [{ by: roe, at: AT, until: AT + MINUTE_MS }] }),
  'with nobody to ask': waiting({
    requirements: [{ from: 'release', count: 2, have: 0, asked: [], gone: [] }],
    nobodyFor: ['release'],
  }),
  'approved by one': waiting({
    requirements: [{ from: 'release', count: 2, have: 1, asked: [roe, moe], gone: [] }],
    approvals: [given(roe, 1042)],
  }),
  'with a sign-in': waiting({ stepUp: true }),
  'with nothing to grant': waiting({ grantableMs: [] }),
  drill: waiting({ drill: true, evaluation: true }),
  active: active(),
  'active drill': active({ drill: true }),
  closed: closed(),
  'that does not enforce': closed({
    end: { how: 'revoked', by: moe, at: AT, reason: 'Wrong', enforces: false },
  }),
  denied: ended('denied'),
  withdrawn: ended('withdrawn'),
  lapsed: ended('lapsed'),
};

const review = (card: BypassCard, completedAt: number | null = null): PostMortemCard => ({
  bypass: card.bypass,
  card,
  assignee: doe,
  dueAt: AT + 24 * HOUR_MS,
  completedAt,
  markdown: REVIEW,
});

function surfaces(): readonly (readonly [string, SurfaceModel])[] {
  const cards = Object.entries(CARDS).flatMap(([name, card]): [string, SurfaceModel][] => [
    [`incident card, ${name}`, { kind: 'incident', card }],
    [`requester’s card, ${name}`, { kind: 'requester', card }],
    [`approver’s card, ${name}`, { kind: 'approver', card, viewer: roe }],
  ]);
  const reviews: [string, SurfaceModel][] = [
    ['post-mortem', { kind: 'post-mortem', card: review(closed()) }],
    ['post-mortem, done', { kind: 'post-mortem', card: review(closed(), AT) }],
  ];
  return [...cards, ...reviews];
}

const DRILL_REPORT = {
  kind: 'drill-report',
  card: closed({ drill: true }),
  steps: DRILL_STEPS.map((step, nth) => ({ step, afterMs: step === 'claimed' ? null : nth * 700 })),
} as const;

/** One of each kind: the compiler asks for those that are missing. */
const NOTES: { readonly [Kind in Note['kind']]: Extract<Note, { readonly kind: Kind }> } = {
  refusal: {
    kind: 'refusal',
    refusal: { refused: true, code: 'own-request' },
    card: waiting(),
    tried: 'approve',
  },
  'signer-unavailable': { kind: 'signer-unavailable', card: waiting(), retryUntilAt: AT },
  reminder: { kind: 'reminder', card: review(closed()) },
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

const THREADS: {
  readonly [Kind in ThreadMessage['kind']]: Extract<ThreadMessage, { readonly kind: Kind }>;
} = {
  question: { kind: 'question', card: waiting(), by: roe, text: QUESTION },
  expiring: { kind: 'expiring', card: active(), leftMs: 5 * MINUTE_MS, extension: 'capped' },
  'drill-report': DRILL_REPORT,
};

const line = (change: Partial<BypassLine> = {}): BypassLine => ({
  bypass: bypassId('bp_7Q2'),
  reference: 1042,
  drill: false,
  phase: 'active',
  gate: 'image-policy',
  scope: waiting().scope,
  requester: roe,
  untilAt: AT + 12 * MINUTE_MS,
  own: true,
  ...change,
});
const listed = <T>(...shown: readonly T[]) => ({ shown, total: shown.length + 3 });

const MINE: Extract<Mine, { kind: 'member' }> = {
  kind: 'member',
  now: AT,
  active: listed(line(), line({ reference: 1043, own: false, drill: true })),
  waiting: listed(line({ phase: 'waiting', reference: 1050, own: true })),
  waitsForMe: listed(line({ phase: 'waiting', reference: 1051, own: false })),
  owed: listed({ ...line({ reference: 990 }), dueAt: AT - HOUR_MS }),
  mayAsk: 2,
};

const OUTSIDER: Mine = { kind: 'outsider', standing: 'guest' };

const cardOf = (note: Note | ThreadMessage): BypassCard | null => {
  if (!('card' in note) || note.card === null) return null;
  return 'card' in note.card ? note.card.card : note.card;
};

/** Every message that this app sends, rendered from samples. */
export function everyMessage(words: Words = en): Readonly<Record<string, ShownMessage>> {
  const about = (message: RenderedMessage, card: BypassCard | null = null) => ({ message, card });
  const alarm = {
    id: 'a1',
    key: 'channel #security',
    code: 'channel-unreachable' as const,
    about: { channel: '#security', minutes: 12 },
    raisedAt: AT,
    clearedAt: null,
  };
  return Object.fromEntries([
    ...surfaces().map(([name, model]) => {
      const card = model.kind === 'post-mortem' ? model.card.card : model.card;
      return [name, about(renderSurface(model, words), card)];
    }),
    ...Object.values(NOTES).map((one) => [
      `note, ${one.kind}`,
      about(renderNote(one, words), cardOf(one)),
    ]),
    ...Object.values(THREADS).map((one) => [
      `thread, ${one.kind}`,
      about(renderThreadMessage(one, words), one.card),
    ]),
    ['replaced card', about(renderReplaced(words))],
    ['withdrawn card', about(renderWithdrawn(words))],
    ['list', about(listAnswer(MINE, words))],
    ['list for a guest', about(listAnswer(OUTSIDER, words))],
    ...(['status', 'extend', 'close', 'withdraw'] as const).map((act) => [
      `choice, ${act}`,
      about(bypassChoice(act, MINE.active, AT, words)),
    ]),
    ['alarm', about(renderAnnouncement({ kind: 'alarm', alarm }, words))],
    [
      'alarm, over',
      about(renderAnnouncement({ kind: 'alarm', alarm: { ...alarm, clearedAt: AT } }, words)),
    ],
    [
      'checkpoint',
      about(renderAnnouncement({ kind: 'checkpoint', checkpoint: CHECKPOINT }, words)),
    ],
  ]) as Readonly<Record<string, ShownMessage>>;
}

const CHECKPOINT = {
  origin: 'breakglass.example/log/acme',
  ...receipt(1042),
  note: NOTE,
  evaluation: true,
};

/** Every modal and Home that this app shows. */
export function everyView(words: Words = en): Readonly<Record<string, ModalView | HomeView>> {
  const model = { bypass: bypassId('bp_7Q2'), from: null };
  const form = { choices: CHOICES, values: EMPTY_FORM, drill: false };
  return {
    'request form': requestModal({ ...form, preview: { kind: 'incomplete' } }, words),
    'request form, drill': requestModal({ ...form, preview: null, drill: true }, words),
    deny: denyModal(model, words),
    revoke: revokeModal(model, words),
    complete: completeModal(model, words),
    extend: extendModal(model, [HOUR_MS], null, null, words),
    question: questionModal(model, words),
    notice: noticeModal(NOTICE, words),
    show: showModal(active(), words),
    home: homeView(MINE, words),
    'home, quiet': homeView(
      {
        ...MINE,
        active: { shown: [], total: 0 },
        waiting: { shown: [], total: 0 },
        waitsForMe: { shown: [], total: 0 },
        owed: { shown: [], total: 0 },
        mayAsk: 0,
      },
      words,
    ),
    'home of a guest': homeView(OUTSIDER, words),
  };
}
