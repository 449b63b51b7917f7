import { expect, test } from 'vitest';
import type { KnownBlock } from '@slack/types';
import { assertMessage, assertView, BlockKitBroken } from '#slack/block-kit/check';
import { bold, cut, cutMarkup, inline, readable } from '#slack/block-kit/text';

const plain = (text: string) => ({ type: 'plain_text' as const, text });
const section = (text: string, block_id?: string): KnownBlock => ({
  type: 'section',
  text: plain(text),
  ...(block_id !== undefined && { block_id }),
});
const radios = (count: number, value = (n: number) => String(n)): KnownBlock => ({
  type: 'actions',
  block_id: 'a',
  elements: [
    {
      type: 'radio_buttons',
      action_id: 'r',
      options: Array.from({ length: count }, (_, n) => ({ text: plain('o'), value: value(n) })),
    },
  ],
});

test.each<[string, string, KnownBlock[]]>([
  ['too long a fallback', 'x'.repeat(4_001), [section('a')]],
  ['no fallback', '', [section('a')]],
  ['too many blocks', 'x', Array.from({ length: 51 }, () => section('a'))],
  ['no blocks', 'x', []],
  ['too long a section', 'x', [section('x'.repeat(3_001))]],
  ['an empty section', 'x', [section('')]],
  ['a block id twice', 'x', [section('a', 'b'), section('a', 'b')]],
  ['too many radio buttons', 'x', [radios(11)]],
  ['options alike', 'x', [radios(2, () => 'same')]],
  [
    'markdown over the total',
    'x',
    [7_000, 7_000].map((n) => ({ type: 'markdown', text: 'm'.repeat(n) })),
  ],
  ['a block that nobody checks', 'x', [{ type: 'image', image_url: 'https://x', alt_text: '' }]],
])('%s is refused', (_name, text, blocks) => {
  expect(() => assertMessage({ text, blocks })).toThrow(BlockKitBroken);
});

test('a view with inputs and no submit button is refused', () => {
  const input = {
    type: 'input' as const,
    block_id: 'i',
    label: plain('L'),
    element: { type: 'plain_text_input' as const, action_id: 'i', max_length: 10 },
  };
  const view = { type: 'modal' as const, callback_id: 'c', title: plain('T'), blocks: [input] };
  expect(() => assertView(view)).toThrow(BlockKitBroken);
  expect(() => assertView({ ...view, submit: plain('Go') })).not.toThrow();
  expect(() => assertView({ ...view, submit: plain('x'.repeat(25)) })).toThrow(BlockKitBroken);
});

test('what is refused is never quoted in the error', () => {
  const secret = 's3cret'.repeat(600);
  expect(() => assertMessage({ text: 'x', blocks: [section(secret)] })).not.toThrow(/s3cret/);
  expect(() => assertMessage({ text: 'x', blocks: [section(secret)] })).toThrow(BlockKitBroken);
});

test('cuts tear neither characters nor entities nor tokens', () => {
  expect(cut('ab😀cd', 4)).toBe('ab…');
  expect(cut('abcd', 4)).toBe('abcd');
  expect(cutMarkup('ab&amp;cd', 5)).toBe('ab…');
  expect(cutMarkup('at <!date^1^{time}|now> or', 12)).toBe('at …');
});

test('what reorders, hides or formats text is taken out of it', () => {
  expect(readable('a\u202Eb\u200Bc\u0000d\r\ne')).toBe('abc d\ne');
  expect(inline('*bold* _it_ snake_case `code`')).toBe('∗bold∗ ˍitˍ snake_case ʼcodeʼ');
  expect(bold('a* ``` ~b~ _c_')).toBe('*a∗ ʼʼʼ ∼b∼ ˍcˍ*');
  expect(inline('<@U1> & <!here>')).toBe('&lt;@U1&gt; &amp; &lt;!here&gt;');
  expect(inline('')).toBe('–');
});
