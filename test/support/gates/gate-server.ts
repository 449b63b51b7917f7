import { readFile } from 'node:fs/promises';
import { composeRoutes } from '#http/compose-routes';
import { GATES_PATH, gateRoute } from '#http/gate-route';
import { listen } from '#http/listen';
import type { Decisions } from '#application/ports/decisions';

export interface GateServer extends AsyncDisposable {
  readonly url: string;
  /** What was logged. */
  readonly logged: unknown[][];
  /** An example's text as an installation writes it: with this server's address and this token. */
  example(path: string, token: string): Promise<string>;
}

const EXAMPLES = new URL('../../../examples/gates/', import.meta.url);

/** The gates' address over HTTP, as the service mounts it. */
export async function startGateServer(decisions: Decisions): Promise<GateServer> {
  const logged: unknown[][] = [];
  const keep = (...line: unknown[]): void => void logged.push(line);
  const log = { error: keep, warn: keep };
  const route = gateRoute({ decisions, log });
  const server = await listen(composeRoutes([{ prefix: GATES_PATH, fetch: route }]), {
    port: 0,
    log,
  });
  return {
    url: server.url,
    logged,
    example: (path, token) => exampleAt(server.url, path, token),
    [Symbol.asyncDispose]: () => server.close(),
  };
}

/** An example's text for a service at `url`. */
export async function exampleAt(url: string, path: string, token: string): Promise<string> {
  const text = await readFile(new URL(path, EXAMPLES), 'utf8');
  return text
    .replaceAll('https://breakglass.acme.example', url)
    .replaceAll(
      'https://flagger:TOKEN@breakglass.acme.example',
      `http://flagger:${token}@${new URL(url).host}`,
    )
    .replaceAll("'Bearer TOKEN'", `'Bearer ${token}'`);
}
