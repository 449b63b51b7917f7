import { readGithubSettings } from '#runtime/config/github-settings';
import { expect, test } from 'vitest';

const SECRET = 'f'.repeat(64);
const env = {
  GITHUB_APP_ID: '12345',
  GITHUB_APP_KEY_FILE: '/keys/app.pem',
  GITHUB_APP_WEBHOOK_SECRET: SECRET,
};

const remedies = (more: Record<string, string>) => {
  const read = readGithubSettings({ ...env, ...more });
  return read.ok ? [] : read.mistakes.map(({ setting }) => setting);
};

test('without any of them there is no App', () => {
  expect(readGithubSettings({ GITHUB_API_URL: 'set by a runner', GITHUB_APP_ID: '' })).toEqual({
    ok: true,
    settings: null,
  });
});

test('three settings are enough for github.com', () => {
  expect(readGithubSettings(env)).toEqual({
    ok: true,
    settings: {
      appId: '12345',
      keyFile: '/keys/app.pem',
      webhookSecrets: [SECRET],
      apiUrl: 'https://api.github.com',
      allowPrivate: false,
    },
  });
});

test('an Enterprise Server, inside the network, while the secret is exchanged', () => {
  const before = 'e'.repeat(64);
  const read = readGithubSettings({
    ...env,
    GITHUB_APP_API_URL: 'https://github.acme.example/api/v3/',
    GITHUB_APP_API_PRIVATE: 'yes',
    GITHUB_APP_WEBHOOK_SECRET_BEFORE: before,
  });
  expect(read).toMatchObject({
    settings: {
      apiUrl: 'https://github.acme.example/api/v3',
      allowPrivate: true,
      webhookSecrets: [SECRET, before],
    },
  });
});

test.each([
  [{ GITHUB_APP_ID: 'Iv1.abc' }, ['GITHUB_APP_ID']],
  [{ GITHUB_APP_KEY_FILE: '' }, ['GITHUB_APP_KEY_FILE']],
  [{ GITHUB_APP_WEBHOOK_SECRET: 'short' }, ['GITHUB_APP_WEBHOOK_SECRET']],
  [{ GITHUB_APP_WEBHOOK_SECRET_BEFORE: 'short' }, ['GITHUB_APP_WEBHOOK_SECRET_BEFORE']],
  [{ GITHUB_APP_API_URL: 'http://github.acme.example/api/v3' }, ['GITHUB_APP_API_URL']],
  [{ GITHUB_APP_API_URL: 'https://a:b@github.acme.example' }, ['GITHUB_APP_API_URL']],
  [{ GITHUB_APP_API_PRIVATE: 'no' }, ['GITHUB_APP_API_PRIVATE']],
  [{ GITHUB_APP_ID: '', GITHUB_APP_KEY_FILE: '' }, ['GITHUB_APP_ID', 'GITHUB_APP_KEY_FILE']],
])('%o is told by its name', (more, names) => {
  expect(remedies(more)).toEqual(names);
});

test('no mistake shows a value', () => {
  const read = readGithubSettings({ ...env, GITHUB_APP_WEBHOOK_SECRET: 'hunter2' });
  expect(JSON.stringify(read)).not.toContain('hunter2');
});
