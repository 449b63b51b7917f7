import { createEmulator, type Emulator } from 'emulate';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { NewInstallation, SlackOAuth } from '#application/ports/installs';
import { slackClients, type SlackClients } from '#slack/clients/slack-clients';
import { slackLogger } from '#slack/clients/slack-logger';
import { NEEDED_SCOPES, SCOPES } from '#slack/installs/scopes';
import { slackOAuth } from '#slack/installs/slack-oauth';

/*
 * OAuth and scopes against a Slack that others wrote. It has no user groups and no Socket Mode, shows an
 * app no private channel, tells no uninstalls and knows one workspace: what needs those stands in the
 * tests of the local workspace.
 */
const CLIENT = { clientId: '1234.5678', clientSecret: 'a-client-secret' };
const REDIRECT = 'https://breakglass.example.com/slack/install/callback';
const logged: string[] = [];
const logger = slackLogger(pino({}, { write: (line: string) => void logged.push(line) }));

let slack: Emulator;
let oauth: SlackOAuth;

beforeAll(async () => {
  slack = await createEmulator({
    service: 'slack',
    port: 0,
    seed: {
      slack: {
        strict_scopes: true,
        team: { name: 'Acme', domain: 'acme' },
        users: [{ name: 'doe', real_name: 'J. Doe', email: 'j.doe@acme.example' }],
        channels: [{ name: 'incidents' }],
        oauth_apps: [
          {
            client_id: CLIENT.clientId,
            client_secret: CLIENT.clientSecret,
            name: 'Break-glass',
            redirect_uris: [REDIRECT],
          },
        ],
      },
    },
  });
  oauth = oauthOf(CLIENT.clientSecret);
});
afterAll(() => slack.close());

const apiUrl = (): string => `${slack.url}/api/`;

const oauthOf = (clientSecret: string, redirectUrl = REDIRECT): SlackOAuth =>
  slackOAuth({ ...CLIENT, clientSecret, redirectUrl, apiUrl: apiUrl(), logger });

/** Somebody chooses who they are there, and is sent back: gives the code that they come with. */
async function allow(scopes: readonly string[] = SCOPES): Promise<string> {
  const page = new URL(oauth.authorizeUrl('a-state'));
  page.searchParams.set('scope', scopes.join(','));
  const shown = await fetch(page);
  expect(shown.status).toBe(200);
  const form = await shown.text();
  const fields = [...form.matchAll(/<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"/g)].map(
    ([, name = '', value = '']): [string, string] => [name, value],
  );
  const sent = await fetch(new URL('/oauth/v2/authorize/callback', slack.url), {
    method: 'POST',
    body: new URLSearchParams(fields),
    redirect: 'manual',
  });
  const back = new URL(sent.headers.get('location') ?? '');
  expect([`${back.origin}${back.pathname}`, back.searchParams.get('state')]).toEqual([
    REDIRECT,
    'a-state',
  ]);
  return back.searchParams.get('code') ?? '';
}

const install = async (scopes?: readonly string[]): Promise<NewInstallation> =>
  oauth.exchange(await allow(scopes));

test('a code is exchanged once, by this app and for the place it was asked from', async () => {
  const code = await allow();
  const given = await oauth.exchange(code);
  expect(given).toMatchObject({ enterprise: null, name: 'Acme', scopes: [...SCOPES] });
  expect(given.tokens).toMatchObject({ refresh: null, ttlMs: null });
  expect(given.team).toMatch(/^T/);
  const refused = (what: Promise<unknown>) =>
    expect(what).rejects.toMatchObject({ code: 'refused' });
  expect(await oauth.serves(given.tokens.access)).toBe(true);
  await refused(oauth.exchange(code));
  await refused(oauthOf('another-secret').exchange(await allow()));
  await refused(oauthOf(CLIENT.clientSecret, `${REDIRECT}/elsewhere`).exchange(await allow()));
});

/** What is done with each scope, as far as this Slack knows the method. */
const USED: readonly (readonly [string, (clients: SlackClients) => Promise<unknown>])[] = [
  [
    'chat:write',
    async ({ delivery }) =>
      delivery.chat.postMessage({ channel: await channelNamed('incidents'), text: 'A card' }),
  ],
  ['im:write', async ({ delivery }) => delivery.conversations.open({ users: await someone() })],
  ['users:read', async ({ lookUps }) => lookUps.users.info({ user: await someone() })],
  [
    'channels:read',
    async ({ interactive }) =>
      interactive.conversations.info({ channel: await channelNamed('incidents') }),
  ],
];

test.each(USED)('without %s the log says what to do', async (scope, use) => {
  const without = SCOPES.filter((one) => one !== scope);
  const { tokens, scopes } = await install(without);
  expect(scopes).toEqual(without);
  expect(NEEDED_SCOPES.every((one) => scopes.includes(one))).toBe(
    !(NEEDED_SCOPES as readonly string[]).includes(scope),
  );
  const clients = slackClients({ botToken: tokens.access, apiUrl: apiUrl(), logger });
  logged.length = 0;
  for (let times = 0; times < 2; times += 1)
    await expect(use(clients)).rejects.toMatchObject({ data: { error: 'missing_scope' } });
  expect(logged).toEqual([expect.stringContaining(`without the scope ${scope}`)]);
  expect(logged[0]).toContain('install the app again');
  const whole = await install();
  await use(slackClients({ botToken: whole.tokens.access, apiUrl: apiUrl(), logger }));
});

async function admin(): Promise<SlackClients['lookUps']> {
  const { tokens } = await install();
  return slackClients({ botToken: tokens.access, apiUrl: apiUrl(), logger }).lookUps;
}

async function someone(): Promise<string> {
  const { members = [] } = await (await admin()).users.list({});
  return members.find(({ name }) => name === 'doe')?.id ?? '';
}

async function channelNamed(name: string): Promise<string> {
  const { channels = [] } = await (await admin()).conversations.list({});
  return channels.find((one) => one.name === name)?.id ?? '';
}
