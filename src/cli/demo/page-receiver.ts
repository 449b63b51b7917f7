import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

export interface PageReceiver {
  readonly url: string;
  readonly secret: string;
  /** What arrived with a good signature, oldest first, without repeats. */
  pages(): readonly { readonly type: string; readonly bypass: string }[];
  close(): Promise<void>;
}

/** A receiver of pages that checks each signature, as a pager's webhook endpoint would. */
export async function startPageReceiver(): Promise<PageReceiver> {
  const secret = `whsec_${randomBytes(24).toString('base64')}`;
  const webhook = new Webhook(secret);
  const received = new Map<string, { type: string; bypass: string }>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      try {
        const headers = request.headers as Record<string, string>;
        const payload = webhook.verify(Buffer.concat(chunks).toString(), headers) as {
          type: string;
          data: { bypass: string };
        };
        const id = headers['webhook-id'] ?? '';
        received.set(id, { type: payload.type, bypass: payload.data.bypass });
        response.writeHead(204).end();
      } catch {
        // A bad signature, which the demo's summary would show as a missing page.
        response.writeHead(401).end();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/pages`,
    secret,
    pages: () => [...received.values()],
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
