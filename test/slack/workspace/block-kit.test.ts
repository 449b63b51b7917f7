import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { validateBlocks, validateView, type Surface } from '#workspace/workspace';
import { plain, section } from './acme.ts';
import { check } from '#test/support/property';

const button = (fields: object = {}) => ({ type: 'button', text: plain('Go'), ...fields });
const actions = (...elements: object[]) => ({ type: 'actions', elements });
const input = (element: object, fields: object = {}) => ({
  type: 'input',
  label: plain('L'),
  element,
  ...fields,
});
const options = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ text: plain(`o${n}`), value: String(n) }));
const select = (fields: object = {}) => ({ type: 'static_select', options: options(1), ...fields });
const times = <T>(count: number, make: (n: number) => T): T[] =>
  Array.from({ length: count }, (_, n) => make(n));
const of = (length: number) => 'x'.repeat(length);

/** Each limit of Block Kit: how to reach it, by number of characters or items. */
const LIMITS: [string, number, (n: number) => object, Surface?][] = [
  ['section text', 3000, (n) => section(of(n))],
  ['section field', 2000, (n) => ({ type: 'section', fields: [plain(of(n))] })],
  ['section fields', 10, (n) => ({ type: 'section', fields: times(n, () => plain('f')) })],
  ['header text', 150, (n) => ({ type: 'header', text: plain(of(n)) })],
  ['button text', 75, (n) => actions(button({ text: plain(of(n)) }))],
  ['button value', 2000, (n) => actions(button({ value: of(n) }))],
  ['button url', 3000, (n) => actions(button({ url: of(n) }))],
  ['action_id', 255, (n) => actions(button({ action_id: of(n) }))],
  ['block_id', 255, (n) => ({ type: 'divider', block_id: of(n) })],
  ['actions elements', 25, (n) => actions(...times(n, () => button()))],
  ['context elements', 10, (n) => ({ type: 'context', elements: times(n, () => plain('c')) })],
  ['select options', 100, (n) => actions(select({ options: options(n) }))],
  [
    'option groups',
    100,
    (n) =>
      actions({
        type: 'static_select',
        option_groups: times(n, (g) => ({
          label: plain('g'),
          options: [{ text: plain('o'), value: String(g) }],
        })),
      }),
  ],
  ['radio options', 10, (n) => actions({ type: 'radio_buttons', options: options(n) })],
  ['checkboxes', 10, (n) => actions({ type: 'checkboxes', options: options(n) })],
  ['overflow options', 5, (n) => actions({ type: 'overflow', options: options(n) })],
  ['option text', 75, (n) => actions(select({ options: [{ text: plain(of(n)), value: 'v' }] }))],
  ['placeholder', 150, (n) => actions(select({ placeholder: plain(of(n)) }))],
  ['confirm title', 100, (n) => actions(button({ confirm: dialog({ title: plain(of(n)) }) }))],
  ['confirm text', 300, (n) => actions(button({ confirm: dialog({ text: plain(of(n)) }) }))],
  ['confirm button', 30, (n) => actions(button({ confirm: dialog({ confirm: plain(of(n)) }) }))],
  ['markdown text', 12_000, (n) => ({ type: 'markdown', text: of(n) })],
  ['table rows', 100, (n) => ({ type: 'table', rows: times(n, () => [cell]) })],
  ['table columns', 20, (n) => ({ type: 'table', rows: [times(n, () => cell)] })],
  ['input max_length', 3000, (n) => input({ type: 'plain_text_input', max_length: n }), 'modal'],
  [
    'input initial value',
    3000,
    (n) => input({ type: 'plain_text_input', initial_value: of(n) }),
    'modal',
  ],
];

const cell = { type: 'raw_text', text: 'c' };
const dialog = (fields: object) => ({
  title: plain('t'),
  text: plain('t'),
  confirm: plain('y'),
  deny: plain('n'),
  ...fields,
});

test.each(LIMITS)('%s: %i is taken, one more is not', (_, limit, make, surface = 'message') => {
  expect(validateBlocks([make(limit)], surface)).toEqual([]);
  expect(validateBlocks([make(limit + 1)], surface)).not.toEqual([]);
});

test('a message takes 50 blocks, a view 100', () => {
  const blocks = (count: number) => times(count, () => ({ type: 'divider' }));
  expect(validateBlocks(blocks(50), 'message')).toEqual([]);
  expect(validateBlocks(blocks(51), 'message')).toEqual([
    { message: 'no more than 50 items allowed', pointer: '/blocks' },
  ]);
  expect(validateBlocks(blocks(100), 'modal')).toEqual([]);
  expect(validateBlocks(blocks(101), 'modal')).toHaveLength(1);
});

describe('what Slack refuses', () => {
  const refused: [string, unknown[], string, Surface?][] = [
    ['a section without content', [{ type: 'section' }], 'must define either `text` or `fields`'],
    ['an empty text', [section('')], 'must be more than 0 characters'],
    ['a raw string as text', [{ type: 'section', text: 'x' }], 'must provide an object'],
    ['an unknown block', [{ type: 'hologram' }], 'unsupported type: hologram'],
    ['a null field', [actions(button({ value: null }))], 'must provide a string'],
    [
      'a field of its own making',
      [{ type: 'divider', colour: 'red' }],
      'invalid additional property: colour',
    ],
    [
      'mrkdwn in a header',
      [{ type: 'header', text: { type: 'mrkdwn', text: 'x' } }],
      'must be one of: plain_text',
    ],
    [
      'a text input among buttons',
      [actions({ type: 'plain_text_input' })],
      'unsupported type: plain_text_input',
    ],
    ['a button as an input', [input(button())], 'unsupported type: button'],
    ['no elements', [actions()], 'no fewer than 1 items allowed'],
    [
      'a confirmation without a way back',
      [actions(button({ confirm: { title: plain('t'), text: plain('t'), confirm: plain('y') } }))],
      'missing required field: deny',
    ],
    [
      'a choice that is no option',
      [actions(select({ initial_option: { text: plain('z'), value: 'z' } }))],
      'initial option does not exactly match one of the options',
    ],
    [
      'two block ids alike',
      [
        { type: 'divider', block_id: 'b' },
        { type: 'divider', block_id: 'b' },
      ],
      'block_id `b` already exists',
    ],
    [
      'two action ids alike in a block',
      [actions(button({ action_id: 'a' }), button({ action_id: 'a' }))],
      'action_id `a` already exists',
    ],
    ['an alert in a message', [{ type: 'alert', text: plain('x') }], 'unsupported type: alert'],
    [
      'markdown in a modal',
      [{ type: 'markdown', text: 'x' }],
      'unsupported type: markdown',
      'modal',
    ],
    [
      'two tables',
      [
        { type: 'table', rows: [[cell]] },
        { type: 'table', rows: [[cell]] },
      ],
      'only one table allowed',
    ],
  ];
  test.each(refused)('%s', (_, blocks, message, surface = 'message') => {
    expect(validateBlocks(blocks, surface).map((problem) => problem.message)).toContain(message);
  });

  test('more than 12,000 characters of markdown in all', () => {
    const markdown = (length: number) => ({ type: 'markdown', text: of(length) });
    expect(validateBlocks([markdown(6000), markdown(6000)], 'message')).toEqual([]);
    expect(validateBlocks([markdown(6000), markdown(6001)], 'message')).toHaveLength(1);
  });
});

test('the same action id in two blocks is taken', () => {
  const block = actions(button({ action_id: 'a' }));
  expect(validateBlocks([block, block], 'message')).toEqual([]);
});

describe('views', () => {
  const modal = (fields: object = {}) => ({
    type: 'modal',
    title: plain('T'),
    blocks: [],
    ...fields,
  });
  const limits: [string, number, (n: number) => object][] = [
    ['title', 24, (n) => modal({ title: plain(of(n)) })],
    ['submit', 24, (n) => modal({ submit: plain(of(n)) })],
    ['close', 24, (n) => modal({ close: plain(of(n)) })],
    ['private_metadata', 3000, (n) => modal({ private_metadata: of(n) })],
    ['callback_id', 255, (n) => modal({ callback_id: of(n) })],
    ['external_id', 255, (n) => modal({ external_id: of(n) })],
  ];
  test.each(limits)('%s: %i is taken, one more is not', (_, limit, make) => {
    expect(validateView(make(limit), 'modal')).toEqual([]);
    expect(validateView(make(limit + 1), 'modal')).toHaveLength(1);
  });

  test('a modal with an input needs a submit button', () => {
    const blocks = [input({ type: 'plain_text_input' })];
    expect(validateView(modal({ blocks }), 'modal')).toEqual([
      {
        message: 'must define `submit` to use an `input` block in modals',
        pointer: '/view/blocks/0',
      },
    ]);
    expect(validateView(modal({ blocks, submit: plain('Go') }), 'modal')).toEqual([]);
  });
});

test('whatever is sent, validation answers and does not break', () => {
  const key = fc.constantFrom('type', 'text', 'elements', 'element', 'fields', 'options', 'blocks');
  const scalar = fc.oneof(
    fc.constantFrom('section', 'actions', 'input', 'card', 'carousel', 'container', 'button'),
    fc.string(),
    fc.integer(),
    fc.constant(null),
  );
  const { anything } = fc.letrec((tie) => ({
    anything: fc.oneof(
      { depthSize: 'small' },
      scalar,
      fc.array(tie('anything'), { maxLength: 4 }),
      fc.dictionary(key, tie('anything'), { maxKeys: 4 }),
    ),
  }));
  check(
    fc.property(anything, (value) => {
      expect(Array.isArray(validateBlocks(value, 'message'))).toBe(true);
      expect(validateView(value, 'modal').length).toBeGreaterThan(0);
    }),
  );
});
