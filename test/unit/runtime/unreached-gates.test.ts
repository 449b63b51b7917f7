import { expect, test } from 'vitest';
import type { Gate } from '#domain/policy/policy';
import { readPushSettings } from '#runtime/config/push-settings';
import { unreachedGates } from '#runtime/unreached-gates';

const gate = (kind: string): Gate => ({ kind, description: '', verifiedFacts: false });
const GATES = { gates: { ci: gate('http'), rules: gate('opa'), admission: gate('kyverno') } };

function unreached(env: Readonly<Record<string, string>>): readonly string[] {
  const read = readPushSettings(env);
  if (!read.ok) throw new RangeError(JSON.stringify(read.mistakes));
  return unreachedGates(GATES, read.settings);
}

test('gates that hold exceptions are named where nothing can be pushed to them', () => {
  expect(unreached({})).toEqual([
    'gate rules is of kind opa: while OPA_URL is not set, no bypass changes it',
    'gate admission is of kind kyverno: while KYVERNO_EXCEPTION_NAMESPACE is not set, no bypass changes it',
  ]);
});

test('one that is set up is not', () => {
  expect(unreached({ OPA_URL: 'https://opa.acme.example' })).toHaveLength(1);
});

test('mistakes of all of them are told at once', () => {
  const read = readPushSettings({ OPA_URL: 'http://opa.acme.example', KYVERNO_API_URL: 'x' });
  expect(read.ok ? [] : read.mistakes.map(({ setting }) => setting)).toEqual(
    expect.arrayContaining(['OPA_URL', 'KYVERNO_API_URL']),
  );
});
