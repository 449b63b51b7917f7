import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Answer {
  readonly status: number;
  readonly body: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A service on loopback that answers every request with what it is told to. */
export async function answeringServer() {
  const now: { answer: (request: IncomingMessage) => Answer } = {
    answer: () => ({ status: 500, body: '' }),
  };
  const server = createServer((request, response) => {
    request.resume();
    const { status, body, headers = {} } = now.answer(request);
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(status === 204 || status === 304 ? undefined : body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    /** From now on. */
    answer: (with_: Answer | ((request: IncomingMessage) => Answer)): void => {
      now.answer = typeof with_ === 'function' ? with_ : () => with_;
    },
    async [Symbol.asyncDispose](): Promise<void> {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
