import { expect, test } from 'vitest';
import { isBlank } from '#application/forms/is-blank';

test.for(['', ' \n\t', '\u200b', '\u3164\u115f', '\u2800', '\u202e\u2066', '\u{e0041}', '\ufeff'])(
  'nothing is seen of %j',
  (text) => {
    expect(isBlank(text)).toBe(true);
  },
);

test.for(['.', '緊急', 'عاجل', '🔥', '\u200bx'])('something is seen of %j', (text) => {
  expect(isBlank(text)).toBe(false);
});
