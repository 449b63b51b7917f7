import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import type { Publisher } from '#application/ports/surface';
import { slackClients } from '#slack/clients/slack-clients';
import { SingleInstallation } from '#slack/clients/installations';
import { SlackPublisher } from '#slack/publish/slack-publisher';
import { en } from '#slack/words/words';
import type { LogLevel } from '@slack/bolt';

/** A call to Slack, with when all of it was there. */
export interface Call {
  readonly method: string;
  readonly body: string;
  readonly at: number;
}

/** What a Slack would be that takes no time: it takes every call. */
export interface SlackAtOnce {
  readonly url: string;
  /** Hears each call before it is answered; while what it gives is pending, it is not. */
  onCall: (call: Call) => Promise<void> | void;
}

export async function slackAtOnce(cleanup: AsyncDisposableStack): Promise<SlackAtOnce> {
  let posted = 0;
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(request);
    const method = (request.url ?? '').split('/').at(-1) ?? '';
    await slack.onCall({ method, body, at: performance.now() });
    posted += 1;
    const said = { ok: true, ts: `${posted}.000100`, channel: 'C0INCIDENT', ...ANSWERS[method] };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(said));
  };
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanup.defer(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  const slack: SlackAtOnce = { url: `http://127.0.0.1:${port}/api/`, onCall: () => undefined };
  return slack;
}

const ANSWERS: Readonly<Record<string, object>> = {
  'conversations.open': { channel: { id: 'D0BENCH' } },
  'conversations.info': { channel: { id: 'C0INCIDENT' } },
};

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

/** The product's publisher over this Slack, for one workspace. */
export function publisherTo({ url }: Pick<SlackAtOnce, 'url'>, team: string): Publisher {
  const installations = new SingleInstallation();
  const clients = slackClients({ botToken: 'xoxb-bench', apiUrl: url, logger: SILENT });
  installations.installed({ team, botUserId: 'U0BOT', clients });
  return new SlackPublisher(installations, pino({ level: 'silent' }), en, () => Date.now());
}

const nothing = (): void => undefined;
const SILENT = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  setLevel: nothing,
  getLevel: () => 'error' as LogLevel,
  setName: nothing,
};
