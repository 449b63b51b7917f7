import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { COMMAND, SHORTCUTS } from '#slack/action-ids';
import { NEEDED_SCOPES, OPTIONAL_SCOPES } from '#slack/installs/scopes';

const read = (path: string): string =>
  readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

// Slack's own schema has notes and descriptions beside its rules.
const ajv = new Ajv({ allErrors: true, strict: false, formats: { uri: true } });
const conforms = ajv.compile(
  JSON.parse(read('test/support/slack/manifest.schema.2.0.0.json')) as object,
);

const text = read('manifest.yml');

function mistakesIn(manifest: unknown): readonly string[] {
  conforms(manifest);
  return (conforms.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** As the notes in it and the guide say for HTTP and for many workspaces. */
const forMany = (): string =>
  text
    .replace('# redirect_urls:', 'redirect_urls:')
    .replace('#   - https://breakglass', '  - https://breakglass')
    .replace('socket_mode_enabled: true', 'socket_mode_enabled: false')
    .replace('org_deploy_enabled: false', 'org_deploy_enabled: true')
    .replace('is_enabled: true', `is_enabled: true\n    request_url: ${EVENTS}`)
    .replace('event_subscriptions:', `event_subscriptions:\n    request_url: ${EVENTS}`)
    .replace('command: /breakglass', `command: /breakglass\n      url: ${EVENTS}`);
const EVENTS = 'https://breakglass.example.com/slack/events';

test('the manifest is one by Slack’s own schema, for one workspace and for many', () => {
  expect(mistakesIn(parse(text))).toEqual([]);
  const many = parse(forMany()) as { oauth_config: { redirect_urls: readonly string[] } };
  expect(mistakesIn(many)).toEqual([]);
  expect(many.oauth_config.redirect_urls).toEqual([
    'https://breakglass.example.com/slack/install/callback',
  ]);
});

test.each([
  [
    'a command that is too long',
    { features: { slash_commands: [{ command: `/${'x'.repeat(32)}` }] } },
  ],
  ['a member nobody knows', { settings: { sockets: true } }],
  ['no name', { display_information: {} }],
])('the schema refuses %s', (_what, part) => {
  expect(mistakesIn({ display_information: { name: 'Break-glass' }, ...part })).not.toEqual([]);
});

test('it asks for the least that the app needs, and names what the app listens to', () => {
  expect(parse(text)).toMatchObject({
    features: {
      app_home: { home_tab_enabled: true },
      slash_commands: [{ command: COMMAND, should_escape: true }],
      shortcuts: [
        { type: 'global', callback_id: SHORTCUTS.anywhere },
        { type: 'message', callback_id: SHORTCUTS.fromMessage },
        { type: 'message', callback_id: SHORTCUTS.mark },
      ],
    },
    settings: {
      socket_mode_enabled: true,
      token_rotation_enabled: false,
      event_subscriptions: {
        bot_events: ['app_home_opened', 'app_uninstalled', 'tokens_revoked'],
      },
    },
  });
  const { oauth_config: config } = parse(text) as { oauth_config: unknown };
  expect(config).toEqual({
    scopes: { bot: [...NEEDED_SCOPES], bot_optional: [...OPTIONAL_SCOPES] },
  });
});
