import { describe, expect, test } from 'vitest';
import type { BypassCard } from '#application/ports/card';
import { ACTIONS, MODALS } from '#slack/action-ids';
import { headingOf } from '#slack/words/headings';
import { LOCK_SCREEN, notification } from '#slack/words/notifications';
import { en, type Words } from '#slack/words/words';
import { CHOICES } from '#test/slack/app/fake-ports';
import { waiting } from '#test/slack/app/sample-card';
import { SIGNED_NOTE } from '#test/support/gallery/alarms';
import { CARDS } from '#test/support/gallery/cards';
import { TRAIN } from '#test/support/gallery/forms';
import { gallery } from '#test/support/gallery/gallery';
import { QUESTION } from '#test/support/gallery/notes';
import type { Shelf } from '#test/support/gallery/shown';
import { FOUND, REVIEW } from '#test/support/gallery/surfaces';

/** What people and policies say themselves. */
const typedByOthers: readonly string[] = [
  waiting().justification ?? '',
  QUESTION,
  REVIEW,
  FOUND.outcome ?? '',
  TRAIN.name,
  SIGNED_NOTE,
  ...CHOICES.gates.map(({ name }) => name),
  ...CHOICES.services.flatMap(({ name, environments }) => [name, ...environments]),
  ...CHOICES.severities,
];

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every object of a view, itself included. */
function nodes(value: unknown): Json[] {
  if (Array.isArray(value)) return value.flatMap(nodes);
  return isObject(value) ? [value, ...Object.values(value).flatMap(nodes)] : [];
}

const stringOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const textOf = (node: unknown): string => (isObject(node) ? stringOf(node['text']) : '');
const texts = (value: unknown): string[] =>
  nodes(value)
    .filter(({ type }) => type === 'plain_text' || type === 'mrkdwn' || type === 'markdown')
    .map(textOf);
const buttons = (value: unknown): Json[] =>
  nodes(value).filter(({ type, action_id: id }) => type === 'button' && typeof id === 'string');

/** As a screen reader says it, and a notification shows it. */
const heard = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replace(/:[a-z0-9_+-]+:/g, '')
    .replace(/\p{Extended_Pictographic}/gu, '');

const messagesOf = (all: Shelf) =>
  Object.entries(all).flatMap(([name, shown]) =>
    shown.kind === 'message' ? [{ name, ...shown }] : [],
  );
const viewsOf = (all: Shelf) =>
  Object.entries(all).flatMap(([name, shown]) =>
    shown.kind === 'modal' || shown.kind === 'home' ? [{ name, view: shown.view }] : [],
  );
const answersOf = (all: Shelf) =>
  Object.values(all).flatMap((shown) => (shown.kind === 'answer' ? [shown.text] : []));

const messages = messagesOf(gallery());
const views = viewsOf(gallery());
const everything: readonly (readonly [string, unknown])[] = [
  ...messages.map(({ name, message }) => [name, message.blocks] as const),
  ...views.map(({ name, view }) => [name, view] as const),
];

test('every button and every form of this app is among those that are looked at', () => {
  const acts = new Set(
    everything.flatMap(([, view]) => nodes(view).map((node) => node['action_id'])),
  );
  expect(Object.values(ACTIONS).filter((id) => !acts.has(id))).toEqual([]);
  const forms = new Set(views.map(({ view }) => ('callback_id' in view ? view.callback_id : '')));
  expect(Object.values(MODALS).filter((id) => !forms.has(id))).toEqual([]);
});

describe.each(everything)('to whoever hears it, %s', (_name, view) => {
  test('has buttons that mean something by themselves, and each another thing', () => {
    const said = buttons(view).map((button) => textOf(button['text']));
    for (const one of said) expect(heard(one)).toMatch(/\p{L}{4}/u);
    expect(new Set(said).size).toBe(said.length);
  });

  test('says nothing by a picture, a sign or a colour alone', () => {
    for (const node of nodes(view))
      if ('image_url' in node || 'slack_file' in node)
        expect(stringOf(node['alt_text'])).toMatch(/\p{L}{3}/u);
    for (const one of texts(view)) expect(heard(one)).toMatch(/[\p{L}\p{N}–]/u);
  });

  test('has a label on whatever can be filled in', () => {
    for (const node of nodes(view))
      if (node['type'] === 'input') expect(textOf(node['label'])).toMatch(/\p{L}{3}/u);
  });

  test('shows times in the reader’s zone, and where it cannot, says whose they are', () => {
    for (const one of texts(view))
      for (const [token, , fallback] of one.matchAll(/<!date\^\d+\^([^|>]*)\|([^>]*)>/g))
        expect({ token, fallback }).toEqual({ token, fallback: expect.stringMatching(/ UTC$/) });
    const plain = nodes(view).filter(({ type }) => type === 'plain_text');
    for (const one of plain) expect(textOf(one)).not.toMatch(/\d:\d\d|<!date/);
  });
});

const about = messages.flatMap(({ name, message, card }) =>
  card === null ? [] : [{ name, message, card }],
);

test.each(about)('a locked phone shows what $name is about', ({ message, card }) => {
  const first = heard(message.text).slice(0, LOCK_SCREEN);
  const { service, environment } = card.scope;
  expect(first.toLowerCase()).toContain(headingOf(card).toLowerCase());
  expect(first).toContain(`${service} in ${environment}`);
  // What is asked of the reader, between the two.
  expect(first).toMatch(/, \p{L}.{3,}: /u);
  // A notification shows no more than its text: no time in it may be another zone's.
  expect(first).not.toMatch(/\d:\d\d|<!date/);
});

test('no locked phone promises a gate that is not as it says', () => {
  const saying = (words: RegExp) =>
    about.filter(({ message }) => words.test(message.text.slice(0, LOCK_SCREEN)));
  const open = about.filter(({ card }) => card.end?.enforces === false && !card.drill);
  expect(open.length).toBeGreaterThan(5);
  for (const { card } of saying(/deploys are gated|nothing to do/))
    expect(card.end?.enforces).not.toBe(false);
  for (const { card } of saying(/deploys are gated/)) expect(card.openBesideUntil).toBeNull();
  for (const { card } of saying(/deploy, then close/)) expect(card.drill).toBe(false);
});

test.each(Object.entries(CARDS))('the phase of a card stands in words: %s', (_name, card) => {
  for (const { name, message, card: shown } of messages)
    if (shown === card && / card,/.test(name))
      expect(texts(message.blocks).join('\n')).toContain(headingOf(card));
});

test.each<BypassCard['phase']>(['waiting', 'active', 'closed', 'denied', 'withdrawn', 'lapsed'])(
  'however long the names, a locked phone shows both: %s',
  (phase) => {
    const scope = { ...waiting().scope, service: 'x'.repeat(300), environment: 'y'.repeat(300) };
    const card = waiting({ phase, scope, drill: true, evaluation: true });
    const first = notification(card, '59 min left, close it?').slice(0, LOCK_SCREEN);
    expect(first).toMatch(/: x{7,}… in y{13}…/);
  },
);

const MARK = '¤';

/** A catalogue in which every text bears a mark, as a translation would be told from English. */
function marked(said: unknown): unknown {
  if (typeof said === 'string') return `${MARK}${said}`;
  if (typeof said === 'function')
    return (...facts: readonly unknown[]) => marked(Reflect.apply(said, undefined, facts));
  if (Array.isArray(said)) return said.map(marked);
  if (!isObject(said)) return said;
  return Object.fromEntries(Object.entries(said).map(([name, one]) => [name, marked(one)]));
}

test('whatever is said comes from the catalogue that is handed in', () => {
  const words = marked(en) as Words;
  const drawn = gallery(words);
  const all = [
    ...messagesOf(drawn).flatMap(({ message }) => [message.text, message.blocks]),
    ...viewsOf(drawn).map(({ view }) => view),
    ...answersOf(drawn),
  ];
  const said = all.flatMap((one) => (typeof one === 'string' ? [one] : texts(one)));
  expect(said.length).toBeGreaterThan(500);
  const ofOthers = new Set(typedByOthers);
  const loose = said.filter((text) => !text.includes(MARK) && !ofOthers.has(text));
  expect([...new Set(loose)]).toEqual([]);
});
