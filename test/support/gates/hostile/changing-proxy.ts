import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** Somebody between a client and the service, who changes what the service decided. */
export interface ChangingProxy extends AsyncDisposable {
  readonly url: string;
  /** What is handed on for the body of a decision. */
  change: (decision: string) => string;
}

/** Stands before the service at `target`; all but decisions is passed on as it is. */
export async function changingProxy(target: string): Promise<ChangingProxy> {
  const server = createServer((incoming, response) => {
    const answer = async (): Promise<void> => {
      const { method = 'GET', url = '/', headers } = incoming;
      const body = method === 'POST' ? { body: await text(incoming) } : {};
      const { authorization = '' } = headers;
      const sent = { authorization, 'content-type': 'application/json' };
      const heard = await fetch(new URL(url, target), { method, headers: sent, ...body });
      const said = await heard.text();
      response.writeHead(heard.status, { 'content-type': 'application/json' });
      response.end(url === '/v1/decisions' ? proxy.change(said) : said);
    };
    answer().catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy: ChangingProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    change: (decision) => decision,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return proxy;
}
