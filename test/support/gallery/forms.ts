import type { ModalView } from '@slack/types';
import type { FormMistake, Preview } from '#application/ports/request-forms';
import { bypassId } from '#domain/ids';
import { HOUR_MS, MINUTE_MS } from '#domain/instant';
import { EMPTY_FORM, type FormValues } from '#slack/forms/form-values';
import { noticeModal } from '#slack/forms/notice-modal';
import {
  completeModal,
  denyModal,
  extendModal,
  questionModal,
  revokeModal,
} from '#slack/forms/reason-modals';
import { requestModal, type RequestModal } from '#slack/forms/request-modal';
import { showModal } from '#slack/forms/show-modal';
import type { Words } from '#slack/words/words';
import { CHOICES } from '#test/slack/app/fake-ports';
import { active, AT, closed, DIGEST, moe, roe, waiting } from '#test/slack/app/sample-card';
import type { Input } from './input.ts';
import { shelf, type Shelf, type Shown } from './shown.ts';

const FILLED: FormValues = {
  gate: 'image-policy',
  service: 'checkout',
  environment: 'production',
  branch: 'main',
  artifact: DIGEST,
  severity: 'sev1',
  justification: 'Checkout is down, rollback image is unsigned.',
  ttlMs: HOUR_MS,
  incident: 'INC-4312',
  channel: null,
};

const ASKS: Extract<Preview, { kind: 'asks' }> = {
  kind: 'asks',
  tiers: ['high'],
  unknown: [],
  requirements: [{ from: 'release', count: 2, people: [roe, moe] }],
  ttlOffersMs: [15 * MINUTE_MS, HOUR_MS],
  attestation: 'preferred',
  stepUp: false,
  pendingMs: 30 * MINUTE_MS,
  steps: [{ afterMs: 10 * MINUTE_MS, groups: ['managers'] }],
  paged: true,
  raisedBy: null,
  refusal: null,
};

const empty = { choices: CHOICES, values: EMPTY_FORM, drill: false };
const filled = { choices: CHOICES, values: FILLED, drill: false };
/** Several gates that open together. */
export const TRAIN = {
  name: 'release-train',
  description: 'A whole release at once',
  gates: ['image-policy', 'deploy-window', 'change-freeze'],
};

/** The form as it goes from nothing to what is sent. */
const REQUESTS: Readonly<Record<string, RequestModal>> = {
  'request form': { ...empty, preview: { kind: 'incomplete' } },
  'request form, filled in': { ...filled, preview: ASKS },
  'request form, at the strictest tier': {
    ...filled,
    values: { ...FILLED, ttlMs: 4 * HOUR_MS },
    preview: {
      ...ASKS,
      tiers: ['high', 'production-database'],
      unknown: ['service'],
      stepUp: true,
      attestation: 'required',
      paged: false,
      steps: [],
      requirements: [
        ...ASKS.requirements,
        { from: 'seniors', count: 1, people: [] },
        { from: 'owners', count: 1, people: null },
      ],
    },
  },
  'request form, that would be refused': {
    ...filled,
    preview: { ...ASKS, refusal: { refused: true, code: 'too-many-waiting', limit: 3 } },
  },
  'request form, raised by an overdue review': {
    ...filled,
    preview: { ...ASKS, raisedBy: { reference: 988, dueAt: AT } },
  },
  'request form, blocked by an overdue review': {
    ...filled,
    preview: {
      ...ASKS,
      refusal: { refused: true, code: 'review-overdue', reference: 988, dueAt: AT },
    },
  },
  'request form, for several gates': {
    ...filled,
    choices: { ...CHOICES, gates: [...CHOICES.gates, TRAIN] },
    values: { ...FILLED, gate: TRAIN.name },
    preview: ASKS,
  },
  'request form, drill': { ...empty, preview: null, drill: true },
};

/** One of each code: the compiler asks for those that are missing. */
const MISTAKES: { readonly [Code in FormMistake['code']]: readonly FormMistake[] } = {
  missing: [
    { field: 'gate', code: 'missing' },
    { field: 'environment', code: 'missing' },
    { field: 'justification', code: 'missing' },
  ],
  unknown: [{ field: 'service', code: 'unknown', detail: 'chekout' }],
  malformed: [
    { field: 'artifact', code: 'malformed' },
    { field: 'branch', code: 'malformed' },
    { field: 'justification', code: 'malformed' },
    { field: 'severity', code: 'malformed' },
  ],
  'too-long': [{ field: 'justification', code: 'too-long' }],
  'ttl-not-offered': [{ field: 'ttl', code: 'ttl-not-offered', offersMs: [HOUR_MS] }],
  'not-in-service': [{ field: 'environment', code: 'not-in-service', detail: 'production' }],
  'not-allowed': [{ field: 'gate', code: 'not-allowed' }],
  'too-many-waiting': [{ field: 'gate', code: 'too-many-waiting' }],
  'too-many-asked': [{ field: 'gate', code: 'too-many-asked' }],
  'review-overdue': [{ field: 'service', code: 'review-overdue', detail: '988' }],
  'channel-shared': [{ field: 'channel', code: 'channel-shared' }],
  'channel-unreachable': [{ field: 'channel', code: 'channel-unreachable' }],
};

/** Which of them are shown in one form: of each field one. */
const TOGETHER: readonly (readonly FormMistake['code'][])[] = [
  ['malformed', 'unknown', 'ttl-not-offered', 'not-in-service', 'not-allowed', 'channel-shared'],
  ['missing', 'channel-unreachable', 'too-many-waiting'],
  ['too-long', 'too-many-asked', 'review-overdue'],
];

/** The request form, and what it says under its fields. */
export function requestForms(words: Words, input: Input): Shelf {
  const draw = (model: RequestModal): Shown => ({
    kind: 'modal',
    view: requestModal(input(model), words),
  });
  return { ...shelf(REQUESTS, draw), ...withMistakes(words, input) };
}

function withMistakes(words: Words, input: Input): Shelf {
  const forms = TOGETHER.map((codes): [string, Shown] => {
    const view = requestModal({ ...input(filled), preview: null }, words);
    const said = codes
      .flatMap((code) => MISTAKES[code])
      .map((mistake) => {
        const block = view.blocks.find(
          ({ block_id: id = '' }) => id.split('.')[0] === mistake.field,
        );
        return [block?.block_id ?? mistake.field, words.mistakeWords(input(mistake))] as const;
      });
    const errors: Readonly<Record<string, string>> = Object.fromEntries(said);
    return [`request form with mistakes: ${codes.join(', ')}`, { kind: 'modal', view, errors }];
  });
  return Object.fromEntries(forms);
}

/** The forms behind buttons, and what is shown to be read. */
export function buttonForms(words: Words, input: Input): Shelf {
  const model = { bypass: bypassId('bp_7Q2'), from: null };
  const ttls = [15 * MINUTE_MS, HOUR_MS];
  const views = {
    deny: denyModal(model, words),
    revoke: revokeModal(model, words),
    complete: completeModal(model, words),
    extend: extendModal(model, ttls, HOUR_MS, null, words),
    'extend, with a reason that was typed': extendModal(
      model,
      ttls,
      null,
      input({ reason: 'the fix is still building' }).reason,
      words,
    ),
    question: questionModal(model, words),
    notice: noticeModal(words.ANSWERS.emptyPolicy, words),
    'show, waiting': showModal(input(waiting()), words),
    'show, active': showModal(input(active()), words),
    'show, closed': showModal(input(closed()), words),
  };
  const { verdict, followUps } = words.COMPLETION_MISTAKES;
  return {
    ...shelf(views, (view): Shown => ({ kind: 'modal', view })),
    'complete, with mistakes': {
      kind: 'modal',
      view: filledIn(views.complete),
      errors: errorsUnder(views.complete, { verdict, follow_ups: followUps }),
    },
  };
}

/** As somebody left it: what has to be said is said. */
const filledIn = (view: ModalView): ModalView => ({
  ...view,
  blocks: view.blocks.map((block) => {
    if (!('element' in block) || block.optional === true) return block;
    const { element } = block;
    if (element.type === 'plain_text_input')
      return { ...block, element: { ...element, initial_value: '–' } };
    const [first] = element.type === 'static_select' ? (element.options ?? []) : [];
    return element.type === 'static_select' && first !== undefined
      ? { ...block, element: { ...element, initial_option: first } }
      : block;
  }),
});

/** By the block of each field, whose id may carry a suffix. */
function errorsUnder(
  { blocks }: ModalView,
  said: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(said).map(([field, words]) => {
      const block = blocks.find(({ block_id: id = '' }) => id.split('.')[0] === field);
      return [block?.block_id ?? field, words];
    }),
  );
}
