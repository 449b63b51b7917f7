import { expect, test } from 'vitest';
import { link } from '#workspace/client/link';
import { asShown } from '#workspace/client/blocks/as-shown';
import { dateTokenText } from '#workspace/client/time-text';
import { richTextOf } from '#workspace/client/text/rich-text-of';

const reader = {
  dateText: (seconds: number, template: string) =>
    Number.isNaN(seconds) ? undefined : `${seconds}(${template})`,
};

interface Part {
  readonly type: string;
  readonly text?: string;
  readonly style?: object;
  readonly elements?: readonly Part[];
}

function parts(text: string, more: object = {}): readonly Part[] {
  return (richTextOf({ type: 'mrkdwn', text, ...more }, reader) as unknown as Part).elements ?? [];
}

/** The elements of text that is one section, without empty styles. */
function inline(text: string, more: object = {}): readonly Part[] {
  const [section, ...others] = parts(text, more);
  expect([section?.type, others]).toEqual(['rich_text_section', []]);
  return (section?.elements ?? []).map(({ style, ...rest }) =>
    style && Object.keys(style).length > 0 ? { ...rest, style } : rest,
  );
}

const plain = (text: string): Part => ({ type: 'text', text });
const styled = (text: string, ...names: string[]): Part => ({
  ...plain(text),
  style: Object.fromEntries(names.map((name) => [name, true])),
});

test('marks at the edges of words are styles, and those inside words are not', () => {
  expect(inline('a *b* _c_ ~d~ `*e*` *_f_*')).toEqual([
    plain('a '),
    styled('b', 'bold'),
    plain(' '),
    styled('c', 'italic'),
    plain(' '),
    styled('d', 'strike'),
    plain(' '),
    styled('*e*', 'code'),
    plain(' '),
    styled('f', 'bold', 'italic'),
  ]);
  for (const text of ['snake_case_name', '2*3*4', '* not *', 'sha256:abc:def', '02:31:10'])
    expect(inline(text)).toEqual([plain(text)]);
});

test('what an app escaped is text, whatever it looks like', () => {
  expect(inline('&lt;!channel&gt; &lt;@U1&gt; &amp;lt;')).toEqual([plain('<!channel> <@U1> &lt;')]);
  const text = '&lt;@U1&gt; *b* <@U1>';
  const [section] =
    (richTextOf({ type: 'plain_text', text }, reader) as unknown as Part).elements ?? [];
  expect(section?.elements).toEqual([{ ...plain('<@U1> *b* <@U1>'), style: {} }]);
});

test('tokens name people, channels, groups, everybody, links and times', () => {
  expect(inline('<@U1>')).toEqual([{ type: 'user', user_id: 'U1' }]);
  expect(inline('<#C1|x>')).toEqual([{ type: 'channel', channel_id: 'C1' }]);
  expect(inline('<!subteam^S1|@x>')).toEqual([{ type: 'usergroup', usergroup_id: 'S1' }]);
  expect(inline('<!here>')).toEqual([{ type: 'broadcast', range: 'here' }]);
  expect(inline('<https://a.test/?b&amp;c|d>')).toEqual([
    { type: 'link', url: 'https://a.test/?b&c', text: 'd' },
  ]);
  expect(inline('<mailto:a@b.test>')).toMatchObject([{ text: 'a@b.test' }]);
  expect(inline('<!date^12^{time}|then>')).toEqual([plain('12({time})')]);
  expect(inline('<!date^soon^{time}|then>')).toEqual([plain('then')]);
  expect(inline('<!date^12^{time}^https://a.test|x>')).toMatchObject([
    { type: 'link', text: '12({time})' },
  ]);
});

test('a link that would run a script is text', () => {
  expect(inline('<javascript:alert(1)|click>')).toEqual([plain('click')]);
  expect(inline('<!date^12^{time}^javascript:alert(1)|x>')).toEqual([plain('12({time})')]);
});

test.each([
  ['https://a.test/?b=1&c', true],
  ['HTTP://a.test', true],
  ['mailto:a@b.test', true],
  ['javascript:alert(1)', false],
  ['java\nscript:alert(1)', false],
  [' JavaScript:alert(1)', false],
  ['data:text/html,x', false],
  ['vbscript:x', false],
  ['/driver/people', false],
  ['', false],
])('of %j it is %s that the page leads there', (address, leads) => {
  expect(link(address)).toBe(leads ? address : undefined);
});

test('blocks keep no address that leads nowhere, and its words stay', () => {
  const bad = 'javascript:alert(1)';
  const elements = [
    { type: 'link', url: bad, text: 'a' },
    { type: 'link', url: bad },
    { type: 'link', url: 'https://a.test' },
  ];
  expect(asShown([{ type: 'rich_text', verbatim: true, elements }])).toEqual([
    {
      type: 'rich_text',
      elements: [
        { type: 'link', text: 'a' },
        { type: 'link', text: bad },
        { type: 'link', url: 'https://a.test' },
      ],
    },
  ]);
});

test('a time that no calendar has is shown by its fallback', () => {
  const date = (timestamp: unknown) => ({
    type: 'date',
    timestamp,
    format: '{ago}',
    fallback: 'f',
  });
  const elements = [1e307, Number.NaN, undefined, 12].map(date);
  expect(asShown([{ type: 'rich_text', elements }])).toEqual([
    { type: 'rich_text', elements: [plain('f'), plain('f'), plain('f'), date(12)] },
  ]);
});

test('times that no calendar has are none, and placeholders are only those that Slack has', () => {
  const now = { tz: 'Europe/Madrid', nowMs: 0 };
  for (const seconds of [1e307, -1e307, 1e20, Number.NaN, 8.64e12 + 1])
    expect(dateTokenText(seconds, '{ago} {date}', now)).toBeUndefined();
  expect(dateTokenText(8.64e12, '{date_pretty}', now)).toBe('September 13, 275760');
  expect(dateTokenText(-8.64e12, '{ago} {date_long_pretty}', now)).toBeTypeOf('string');
  const inherited = '{__proto__} {constructor} {toString} {hasOwnProperty}';
  expect(dateTokenText(1, inherited, now)).toBe(inherited);
});

test('`verbatim` leaves addresses alone and still knows marks', () => {
  const text = '*a* https://a.test/b.';
  expect(inline(text)).toMatchObject([
    styled('a', 'bold'),
    plain(' '),
    { type: 'link', url: 'https://a.test/b' },
    plain('.'),
  ]);
  expect(inline(text, { verbatim: true })).toEqual([
    styled('a', 'bold'),
    plain(' https://a.test/b.'),
  ]);
});

test('lines that begin with `>` are a quote, and fences hold text as it is', () => {
  expect(parts('a\n> b\n&gt; c\nd\n```\n*e*\n```\nf')).toMatchObject([
    { type: 'rich_text_section', elements: [{ text: 'a' }] },
    { type: 'rich_text_quote', elements: [{ text: 'b\nc' }] },
    { type: 'rich_text_section' },
    { type: 'rich_text_preformatted', elements: [{ text: '*e*' }] },
    { type: 'rich_text_section', elements: [{ text: 'f' }] },
  ]);
});
