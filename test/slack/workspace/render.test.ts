import { expect, test } from 'vitest';
import { renderMessageText, renderMrkdwn } from '#workspace/workspace';
import { plain, section } from './acme.ts';

const names: Record<string, string> = {
  U0ANA00001: 'ana',
  S0LEADS001: 'leads',
  C0GENERAL1: 'general',
};
const reader = { nameOf: (id: string) => names[id], viewerTz: 'Europe/Madrid' };

test.each([
  ['<@U0ANA00001> in <#C0GENERAL1>', '@ana in #general'],
  ['<@U0NOBODY01>', '@U0NOBODY01'],
  ['<!subteam^S0LEADS001> <!here>', '@leads @here'],
  ['<https://acme.test/a?b=1&amp;c=2|the run book>', 'the run book (https://acme.test/a?b=1&c=2)'],
  ['<mailto:ana@acme.test|ana@acme.test>', 'ana@acme.test'],
  ['1 &lt; 2 &amp;&amp; 3 &gt; 2', '1 < 2 && 3 > 2'],
  ['&amp;lt;', '&lt;'],
  ['<!date^1761962400^{date_num} {time}|soon>', '2025-11-01 3:00 AM'],
  ['<!date^1761962400^until {time}^https://acme.test|soon>', 'until 3:00 AM (https://acme.test)'],
  ['<!date^never^{time}|soon>', 'soon'],
  ['<!date^1e307^{ago}|soon>', 'soon'],
  ['<!date^-8640000000001^{date}|soon>', 'soon'],
  ['<!date^8640000000000^{date_num}|soon>', '275760-09-13'],
  ['<!date^1^{__proto__} {constructor} {toString}|soon>', '{__proto__} {constructor} {toString}'],
])('%s reads %s', (text, seen) => {
  expect(renderMrkdwn(text, reader)).toBe(seen);
});

test('pretty dates say today, and {ago} how long', () => {
  const nowMs = Date.UTC(2025, 10, 1, 2, 30);
  const text = '<!date^1761962400^{date_short_pretty} {time}, {ago}|then>';
  expect(renderMrkdwn(text, { ...reader, nowMs })).toBe('today 3:00 AM, 30 minutes ago');
  expect(renderMrkdwn(text, { ...reader, nowMs: nowMs + 86_400_000 })).toContain('yesterday');
});

test('a card reads as a person sees it', () => {
  const blocks = [
    { type: 'header', text: plain('Break glass') },
    section('*checkout* is down, says <@U0ANA00001>'),
    { type: 'section', fields: [{ type: 'mrkdwn', text: '*Gate*\nci' }, plain('For 1 hour')] },
    { type: 'divider' },
    {
      type: 'actions',
      block_id: 'a',
      elements: [
        { type: 'button', action_id: 'y', text: plain('Approve') },
        {
          type: 'static_select',
          action_id: 't',
          options: [{ text: plain('1 hour'), value: '3600' }],
          initial_option: { text: plain('1 hour'), value: '3600' },
        },
        { type: 'users_select', action_id: 'u', placeholder: plain('Who?') },
      ],
    },
    { type: 'context', elements: [plain('entry 12'), { type: 'mrkdwn', text: '_signed_' }] },
  ];
  expect(renderMessageText({ text: 'fallback', blocks }, reader)).toBe(
    [
      '# Break glass',
      '*checkout* is down, says @ana',
      '*Gate*\nci',
      'For 1 hour',
      '────────',
      '[Approve] ‹1 hour ▾› ‹Who? ▾›',
      'entry 12  _signed_',
    ].join('\n'),
  );
});

test('a message without blocks reads as its text', () => {
  expect(renderMessageText({ text: 'hi <@U0ANA00001>' }, reader)).toBe('hi @ana');
});
