import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What stands between somebody and an HTTP service. */
export type Fault =
  | 'none'
  /** Connections are reset. */
  | 'dead'
  /** Requests arrive and hear nothing. */
  | 'black-holed'
  /** Each is passed on after a pause that its budget allows for. */
  | 'slow';

/** An HTTP service behind somebody who can break it in all the ways that services break. */
export interface FaultyProxy {
  readonly url: string;
  fault: Fault;
  /** How many requests arrived so far, passed on or not. */
  requests(): number;
  close(): Promise<void>;
}

const PAUSE_MS = 150;

/** Stands before the service at `target` (an http address without a path). */
export async function faultyProxy(target: string): Promise<FaultyProxy> {
  let requests = 0;
  const server = createServer((incoming, response) => {
    requests += 1;
    switch (proxy.fault) {
      case 'none':
        return passOn(target, incoming, response);
      case 'dead':
        return void incoming.socket.destroy();
      case 'black-holed':
        return;
      case 'slow':
        setTimeout(() => passOn(target, incoming, response), PAUSE_MS);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const proxy: FaultyProxy = {
    url: `http://127.0.0.1:${port}`,
    fault: 'none',
    requests: () => requests,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return proxy;
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
