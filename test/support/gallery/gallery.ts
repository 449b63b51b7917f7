import { en, type Words } from '#slack/words/words';
import { announcements } from './alarms.ts';
import { answers } from './answers.ts';
import { buttonForms, requestForms } from './forms.ts';
import { typical, type Input } from './input.ts';
import { homes, lists } from './lists.ts';
import { notes } from './notes.ts';
import { refusals } from './refusals.ts';
import type { Shelf } from './shown.ts';
import {
  cardsLeftBehind,
  cardsOfRequester,
  cardsThatAreOpen,
  cardsThatAreOver,
  cardsThatAsk,
  cardsThatWait,
  reviews,
} from './surfaces.ts';

/**
 * Everything that the app shows in Slack, by topic: each drawn by the app's own view functions, with
 * the words and the input that are handed in.
 */
const SHELVES = {
  'request-form': requestForms,
  'forms-behind-buttons': buttonForms,
  'cards-that-wait': cardsThatWait,
  'cards-that-ask': cardsThatAsk,
  'cards-that-are-open': cardsThatAreOpen,
  'cards-that-are-over': cardsThatAreOver,
  'cards-of-the-requester': cardsOfRequester,
  'cards-left-behind': cardsLeftBehind,
  reviews,
  notes,
  refusals,
  lists,
  answers,
  homes,
  announcements,
} as const satisfies Readonly<Record<string, (words: Words, input: Input) => Shelf>>;

export type Topic = keyof typeof SHELVES;

export const TOPICS = Object.keys(SHELVES) as readonly Topic[];

/** @throws BlockKitBroken if Slack would refuse any of it. */
export const onShelf = (topic: Topic, words: Words = en, input: Input = typical): Shelf =>
  SHELVES[topic](words, input);

export const gallery = (words: Words = en, input: Input = typical): Shelf =>
  Object.fromEntries(TOPICS.flatMap((topic) => Object.entries(onShelf(topic, words, input))));
