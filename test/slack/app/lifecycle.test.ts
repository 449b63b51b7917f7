import { createServer } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { pino } from 'pino';
import { createSlack } from '#slack/slack';
import { SlackStartFailed } from '#slack/slack-error';
import {
  CopiesInMemory,
  FormsInMemory,
  HomesInMemory,
  MineInMemory,
  PressesInMemory,
} from './fake-ports.ts';
import { INCIDENTS, originOf, runningApp, type RunningApp } from './running-app.ts';
import { DOE, TEAM, waiting } from './sample-card.ts';
import { tenantId } from '#domain/ids';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

async function started(...parameters: Parameters<typeof runningApp>): Promise<RunningApp> {
  const app = await runningApp(...parameters);
  closers.push(() => app.close());
  return app;
}

const failureOf = (start: Promise<void>) =>
  start.then(
    () => 'started',
    (error: unknown) => (error instanceof SlackStartFailed ? error.code : error),
  );

test.each(['socket', 'http'] as const)('a bad bot token is said when %s starts', async (mode) => {
  const app = await started(mode, { slack: { botToken: 'xoxb-wrong' }, start: false });
  expect(await failureOf(app.slack.start())).toBe('bad-token');
  expect(app.logged.join('')).not.toContain('xoxb-wrong');
});

test('a bad app token is said', async () => {
  const app = await started('socket', { slack: { appToken: 'xapp-wrong' }, start: false });
  expect(await failureOf(app.slack.start())).toBe('bad-app-token');
});

test('a Slack that cannot be reached is said', async () => {
  const server = createServer((request) => request.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(async () => server.close());
  const app = await started('socket', {
    slack: { apiUrl: `${originOf(server)}/api/` },
    start: false,
  });
  expect(await failureOf(app.slack.start())).toBe('unreachable');
});

test.each([
  ['socket', { signingSecret: 's' }],
  ['http', { appToken: 'xapp' }],
] as const)('%s without its own setting is refused', (mode, settings) => {
  const create = () =>
    createSlack({
      mode,
      botToken: 'xoxb',
      ...settings,
      forms: new FormsInMemory(),
      mine: new MineInMemory(),
      homes: new HomesInMemory(),
      presses: new PressesInMemory(),
      copies: new CopiesInMemory(),
      log: pino({ level: 'silent' }),
    });
  expect(create).toThrow(expect.objectContaining({ code: 'missing-setting' }));
});

test('two sockets are held, and opened again when Slack closes or cuts them', async () => {
  const { workspace } = await started('socket');
  await workspace.waitForSockets(2);
  for (const how of [{}, { abrupt: true }]) {
    const before = workspace.events().length;
    workspace.disconnectSockets(how);
    await workspace.waitFor(({ kind }) => kind === 'socket_closed', { afterSeq: before });
    await workspace.waitForSockets(2);
  }
  const result = await workspace.as(DOE).command('/breakglass', 'help', INCIDENTS);
  expect(result.ok).toBe(true);
});

test('sockets come back after Slack could not be reached for a while', async () => {
  const { workspace } = await started('socket');
  workspace.script({
    method: 'apps.connections.open',
    times: 3,
    answer: { kind: 'drop-before-accept' },
  });
  const before = workspace.events().length;
  workspace.disconnectSockets();
  await workspace.waitFor(({ kind }) => kind === 'socket_closed', { afterSeq: before });
  await workspace.waitForSockets(2, { timeoutMs: 15_000 });
});

test.each(['socket', 'http'] as const)('stopping %s waits for a press under way', async (mode) => {
  const app = await started(mode);
  const from = await app.slack.publisher.publish(
    {
      id: 'sf_1',
      tenant: tenantId('acme'),
      bypass: waiting().bypass,
      kind: 'incident',
      to: { kind: 'channel', team: TEAM, channel: INCIDENTS },
      message: null,
      unanswered: 0,
    },
    { kind: 'incident', card: waiting() },
  );
  const arrived = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  app.presses.gate = () => {
    arrived.resolve();
    return release.promise;
  };
  const pressing = app.workspace.as(DOE).press(from, 'Withdraw');
  await arrived.promise;
  const stopping = app.slack.stop();
  release.resolve();
  expect(await pressing).toMatchObject({ ok: true });
  await stopping;
  expect(app.presses.stored).toHaveLength(1);
  const after = await app.workspace.as(DOE).command('/breakglass', 'help', INCIDENTS);
  expect(after.ok).toBe(false);
});

test('a forged request is refused', async () => {
  const app = await started('http', { app: { signingSecret: 'another-secret' } });
  const result = await app.workspace.as(DOE).command('/breakglass', 'help', INCIDENTS);
  expect(result.ok).toBe(false);
});
