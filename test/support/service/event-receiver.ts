import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

export interface ReceivedEvent {
  readonly webhookId: string;
  readonly event: {
    readonly id: string;
    readonly type: string;
    readonly subject?: string;
    readonly [member: string]: unknown;
  };
}

/** A receiver of events on loopback, as its owner would write it: it takes what is rightly signed. */
export interface EventReceiver {
  readonly url: string;
  /** Verifies with this from now on; before, everything is answered with 503. */
  trust(secret: string): void;
  received(): readonly ReceivedEvent[];
  close(): Promise<void>;
}

export async function eventReceiver(): Promise<EventReceiver> {
  const taken: ReceivedEvent[] = [];
  const trusted: { webhook: Webhook | null } = { webhook: null };
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      if (trusted.webhook === null) return void response.writeHead(503).end();
      const headers = request.headers as Record<string, string>;
      const body = Buffer.concat(parts).toString();
      const event = trusted.webhook.verify(body, headers) as ReceivedEvent['event'];
      taken.push({ webhookId: headers['webhook-id'] ?? '', event });
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/events`,
    trust(secret) {
      trusted.webhook = new Webhook(secret);
    },
    received: () => taken,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
