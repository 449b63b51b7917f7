import { expect, test } from 'vitest';
import type { Gate } from '#domain/policy/policy';
import { readGithubSettings } from '#runtime/config/github-settings';
import { readPushSettings } from '#runtime/config/push-settings';
import { unreachedGates } from '#runtime/unreached-gates';

const gate = (kind: string): Gate => ({ kind, description: '', verifiedFacts: false });
const GATES = {
  gates: {
    ci: gate('http'),
    rules: gate('opa'),
    admission: gate('kyverno'),
    deploys: gate('github'),
  },
};
const KEY = { GITHUB_APP_ID: '1', GITHUB_APP_KEY_FILE: 'app.pem' };

function unreached(env: Readonly<Record<string, string>>): readonly string[] {
  const read = readPushSettings(env);
  const github = readGithubSettings(env);
  if (!read.ok || !github.ok) throw new RangeError(JSON.stringify([read, github]));
  return unreachedGates(GATES, { ...read.settings, github: github.settings });
}

test('gates that no setting reaches are named', () => {
  expect(unreached({})).toEqual([
    'gate rules is of kind opa: while OPA_URL is not set, no bypass changes it',
    'gate admission is of kind kyverno: while KYVERNO_EXCEPTION_NAMESPACE is not set, no bypass changes it',
    'gate deploys is of kind github: while GITHUB_APP_ID is not set, no bypass changes it',
  ]);
});

test('one that is set up is not', () => {
  const app = { ...KEY, GITHUB_APP_WEBHOOK_SECRET: 's'.repeat(32) };
  expect(unreached({ OPA_URL: 'https://opa.acme.example', ...app })).toHaveLength(1);
});

test('mistakes of all of them are told at once', () => {
  const read = readPushSettings({ OPA_URL: 'http://opa.acme.example', KYVERNO_API_URL: 'x' });
  expect(read.ok ? [] : read.mistakes.map(({ setting }) => setting)).toEqual(
    expect.arrayContaining(['OPA_URL', 'KYVERNO_API_URL']),
  );
});
