import { App, HTTPReceiver, LogLevel } from '@slack/bolt';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { startWorkspace, type Workspace } from '#workspace/workspace';
import { acme, ANA, BOT_TOKEN, GENERAL, plain, SIGNING_SECRET } from './acme.ts';

const closers: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

/** Bolt's own HTTP receiver behind a port of the system's choosing, and a workspace that calls it. */
async function boltOverHttp(signingSecret = SIGNING_SECRET) {
  const receiver = new HTTPReceiver({ signingSecret, logLevel: LogLevel.ERROR });
  const server = createServer((request, response) => receiver.requestListener(request, response));
  const requestUrl = `${await listen(server)}/slack/events`;
  const workspace = await workspaceFor(requestUrl);
  const app = new App({
    receiver,
    token: BOT_TOKEN,
    logLevel: LogLevel.ERROR,
    clientOptions: { slackApiUrl: workspace.apiUrl },
  });
  return { app, workspace };
}

async function workspaceFor(requestUrl: string, ackTimeoutMs = 3000): Promise<Workspace> {
  const seed = acme({ delivery: { mode: 'http', requestUrl } });
  const workspace = await startWorkspace({ seed, ackTimeoutMs });
  closers.push(() => workspace.close());
  return workspace;
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('Bolt accepts the signature of commands, interactions and events', async () => {
  const { app, workspace } = await boltOverHttp();
  const heard: string[] = [];
  app.command('/breakglass', async ({ ack, client, command }) => {
    heard.push(`command ${command.text}`);
    await ack('one moment');
    await client.views.open({
      trigger_id: command.trigger_id,
      view: {
        type: 'modal',
        callback_id: 'f',
        title: plain('F'),
        submit: plain('Go'),
        blocks: [
          {
            type: 'input',
            block_id: 'b',
            label: plain('B'),
            element: { type: 'plain_text_input', action_id: 'a' },
          },
        ],
      },
    });
  });
  app.view('f', async ({ ack, view }) => {
    heard.push(`view ${view.state.values['b']?.['a']?.value}`);
    await ack({ response_action: 'errors', errors: { b: 'no' } });
  });
  app.event('app_home_opened', () => {
    heard.push('event');
    return Promise.resolve();
  });
  const ana = workspace.as(ANA);
  expect(await ana.command('/breakglass', 'a & b', GENERAL)).toMatchObject({
    ok: true,
    reply: { text: 'one moment' },
  });
  await workspace.waitForView(ANA);
  ana.fillView({ b: 'ünïcode + 100%' });
  expect(await ana.submitView()).toEqual({ errors: { b: 'no' } });
  await workspace.sendEvent({ type: 'app_home_opened', user: ANA, channel: 'D0', tab: 'home' });
  expect(heard).toEqual(['command a & b', 'view ünïcode + 100%', 'event']);
});

test('a request signed with another secret is turned away, and the person is told', async () => {
  const { app, workspace } = await boltOverHttp('another secret');
  app.command('/breakglass', async ({ ack }) => ack());
  expect(await workspace.as(ANA).command('/breakglass', '', GENERAL)).toMatchObject({
    ok: false,
    error: 'http_service_error',
  });
});

test('an endpoint that is silent for too long times out', async () => {
  const server = createServer(() => {});
  const workspace = await workspaceFor(await listen(server), 50);
  expect(await workspace.as(ANA).command('/breakglass', '', GENERAL)).toMatchObject({
    ok: false,
    error: 'operation_timeout',
    shown: '/breakglass failed with the error "operation_timeout"',
  });
});

test('an endpoint that is not there fails at once', async () => {
  const workspace = await workspaceFor('http://127.0.0.1:1/slack/events');
  expect(await workspace.as(ANA).command('/breakglass', '', GENERAL)).toMatchObject({
    error: 'dispatch_failed',
  });
});
