import { randomBytes } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import type { Environment } from './breakglass-process.ts';

export interface ReceivedPage {
  readonly kind: string;
  readonly bypass: string;
  readonly link: string | null;
}

/** Whoever is paged, on loopback; takes what is rightly signed. */
export interface PageReceiver {
  /** What the service is to be started with. */
  readonly settings: Environment;
  /** Oldest first; a page that was sent twice stands twice. */
  received(): readonly ReceivedPage[];
  close(): Promise<void>;
}

interface Payload {
  readonly type: string;
  readonly data: { readonly bypass: string; readonly link: string | null };
}

/** By the time that it names: tests move the database's, by which pages are signed. */
function isSigned(webhook: Webhook, headers: IncomingHttpHeaders, body: string): boolean {
  const [id, time] = [String(headers['webhook-id']), Number(headers['webhook-timestamp'])];
  return headers['webhook-signature'] === webhook.sign(id, new Date(time * 1_000), body);
}

export async function pageReceiver(): Promise<PageReceiver> {
  const secret = `whsec_${randomBytes(24).toString('base64')}`;
  const webhook = new Webhook(secret);
  const pages: ReceivedPage[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts).toString();
      if (!isSigned(webhook, request.headers, body)) {
        response.writeHead(401).end();
        return;
      }
      const { type, data } = JSON.parse(body) as Payload;
      const { bypass, link } = data;
      pages.push({ kind: type.replace('breakglass.page.', ''), bypass, link });
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    settings: {
      BREAKGLASS_PAGE_URL: `http://127.0.0.1:${port}/pages`,
      BREAKGLASS_PAGE_SECRET: secret,
      BREAKGLASS_PAGE_PRIVATE: 'yes',
    },
    received: () => pages,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
