import type { BypassCard, CompletionView, PostMortemCard } from '#application/ports/card';
import type { SurfaceModel } from '#application/ports/surface';
import { VERDICTS } from '#domain/bypass/verdict';
import { HOUR_MS } from '#domain/instant';
import { markedCard } from '#slack/cards/card-mark';
import { renderReplaced } from '#slack/cards/render-replaced';
import { renderSurface } from '#slack/cards/render-surface';
import { renderWithdrawn } from '#slack/cards/render-withdrawn';
import type { Words } from '#slack/words/words';
import { AT, closed, doe, roe, waiting } from '#test/slack/app/sample-card';
import { ACTIVE, CARDS, ENDED, WAITING } from './cards.ts';
import type { Input } from './input.ts';
import { kept, shelf, type Shelf } from './shown.ts';

/** What stands in a post-mortem, by the tenant's own template. */
export const REVIEW = [
  '## Timeline',
  '- 01:47 asked by J. Doe: _checkout is down_',
  '- 01:48 approved by R. Roe and M. Moe',
  '',
  '## What went well',
  '1. The rollback was ready.',
].join('\n');

/** What came out of it. */
export const FOUND: CompletionView = {
  by: roe,
  verdict: 'gate-wrong',
  outcome: 'Rollback images were never signed, so every rollback meets this gate.',
  followUpCount: 2,
  followUps: [
    'Sign rollback images when they are built https://tracker.example/OPS-17',
    'Try a rollback each month (M. Moe)',
  ],
};

/** Each finding, and what is left of one. */
const FINDINGS: Readonly<Record<string, CompletionView>> = {
  ...Object.fromEntries(
    VERDICTS.map((verdict) => [verdict, { ...FOUND, verdict, followUpCount: 0, followUps: null }]),
  ),
  erased: { ...FOUND, by: doe, outcome: null, followUps: null },
  'of before anybody was asked': { ...FOUND, verdict: null, followUpCount: 0, followUps: null },
};

export const review = (card: BypassCard, completedAt: number | null = null): PostMortemCard => ({
  bypass: card.bypass,
  card,
  assignee: doe,
  dueAt: AT + 24 * HOUR_MS,
  completedAt,
  completion: completedAt === null ? null : FOUND,
  markdown: REVIEW,
});

const drawn = (models: Readonly<Record<string, SurfaceModel>>, words: Words, input: Input): Shelf =>
  shelf(models, (one) => {
    const model = input(one);
    const card = model.kind === 'post-mortem' ? model.card.card : model.card;
    return kept(renderSurface(model, words), card);
  });

const each = (
  surface: string,
  cards: Readonly<Record<string, BypassCard>>,
  of: (card: BypassCard) => SurfaceModel,
): Readonly<Record<string, SurfaceModel>> =>
  Object.fromEntries(
    Object.entries(cards).map(([name, card]) => [`${surface} card, ${name}`, of(card)]),
  );

const incident = (card: BypassCard): SurfaceModel => ({ kind: 'incident', card });
const approver = (card: BypassCard): SurfaceModel => ({ kind: 'approver', card, viewer: roe });
const requester = (card: BypassCard): SurfaceModel => ({ kind: 'requester', card });

export const cardsThatWait = (words: Words, input: Input): Shelf =>
  drawn(each('incident', WAITING, incident), words, input);

export const cardsThatAsk = (words: Words, input: Input): Shelf =>
  drawn(each('approver’s', WAITING, approver), words, input);

export const cardsThatAreOpen = (words: Words, input: Input): Shelf => ({
  ...drawn(each('incident', ACTIVE, incident), words, input),
  ...drawn(each('approver’s', ACTIVE, approver), words, input),
});

export const cardsThatAreOver = (words: Words, input: Input): Shelf => ({
  ...drawn(each('incident', ENDED, incident), words, input),
  ...drawn(each('approver’s', ENDED, approver), words, input),
});

export const cardsOfRequester = (words: Words, input: Input): Shelf =>
  drawn(each('requester’s', CARDS, requester), words, input);

export const reviews = (words: Words, input: Input): Shelf =>
  drawn(
    {
      'post-mortem': { kind: 'post-mortem', card: review(closed()) },
      'post-mortem, done': { kind: 'post-mortem', card: review(closed(), AT) },
      ...Object.fromEntries(
        Object.entries(FINDINGS).map(([name, completion]): [string, SurfaceModel] => [
          `post-mortem, ${name}`,
          { kind: 'post-mortem', card: { ...review(closed(), AT), completion } },
        ]),
      ),
    },
    words,
    input,
  );

/** What is left of a card where it stood, and what stands under one that may stand twice. */
export const cardsLeftBehind = (words: Words, input: Input): Shelf => {
  const card = input(waiting());
  const model = { kind: 'incident', card } as const;
  const surface = { id: 'f0e1d2c3-0000-4000-8000-000000000000', unanswered: 1 };
  return {
    'replaced card': kept(renderReplaced(words)),
    'withdrawn card': kept(renderWithdrawn(words)),
    'card that may stand twice': kept(
      markedCard(surface, renderSurface(model, words), words),
      card,
    ),
  };
};
