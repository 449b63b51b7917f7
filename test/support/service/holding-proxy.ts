import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An HTTP service with somebody in front of it who can hold requests back. */
export interface HoldingProxy {
  readonly url: string;
  /** From now on requests arrive and hear nothing. */
  hold(): void;
  /** Resolves once so many requests are held. */
  held(count: number): Promise<void>;
  /** Passes on those that were held and still wait, and all that come from now on. */
  release(): void;
  close(): Promise<void>;
}

/** Stands before the service at `target` (an http address without a path). */
export async function holdingProxy(target: string): Promise<HoldingProxy> {
  const waiting = new Map<IncomingMessage, ServerResponse>();
  const listeners = new Set<() => void>();
  let holding = false;
  const server = createServer((incoming, response) => {
    if (!holding) return passOn(target, incoming, response);
    waiting.set(incoming, response);
    response.once('close', () => waiting.delete(incoming));
    for (const listener of listeners) listener();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    hold() {
      holding = true;
    },
    held: (count) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (waiting.size < count) return;
          listeners.delete(look);
          resolve();
        };
        listeners.add(look);
        look();
      }),
    release() {
      holding = false;
      for (const [incoming, response] of waiting) passOn(target, incoming, response);
      waiting.clear();
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function passOn(target: string, incoming: IncomingMessage, response: ServerResponse): void {
  const { method, headers, url = '/' } = incoming;
  const onward = request(new URL(url, target), { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  incoming.pipe(onward);
}
