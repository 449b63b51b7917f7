import { InvalidArgumentError } from 'commander';
import { expect, test } from 'vitest';
import { collect, wholeNumber } from '#cli/commands/option-values';

test('an option that is repeated keeps all its values', () => {
  expect(collect('b', collect('a'))).toEqual(['a', 'b']);
});

test.each(['0', '7', '99'])('%s is a whole number', (value) => {
  expect(wholeNumber(0, 99)(value)).toBe(Number(value));
});

test.each(['', '-1', '100', '1.5', '1e1', '07', ' 7', 'seven', '9007199254740993'])(
  '%j is none from 0 to 99',
  (value) => {
    expect(() => wholeNumber(0, 99)(value)).toThrow(InvalidArgumentError);
    expect(() => wholeNumber(0, 99)(value)).toThrow('Write a whole number from 0 to 99.');
  },
);

test('an end that is not given is none', () => {
  expect(wholeNumber(1)('123456789')).toBe(123_456_789);
  expect(() => wholeNumber(1)('0')).toThrow('Write a whole number from 1 on.');
});
