import { expect, test } from 'vitest';
import { redact } from '#sigstore/redact';

const token = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhYmMifQ.c2lnbmF0dXJl';

test('a token goes, the words around it stay', () => {
  expect(redact(`bad token "${token}", sorry`)).toBe('bad token "[redacted]", sorry');
});

test('so does a token that was cut off, and its claims alone', () => {
  expect(redact(token.slice(0, 30))).toBe('[redacted]');
  expect(redact('claims eyJzdWIiOiJhYmMifQ')).toBe('claims [redacted]');
});

test('a token is not left half there by the limit on length', () => {
  const text = redact(`${'x'.repeat(290)} ${token}`);
  expect(text).not.toContain('eyJ');
  expect(text.length).toBeLessThanOrEqual(300);
});
