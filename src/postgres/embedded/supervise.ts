import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { type Launch, launch } from './launch.ts';
import { takeOwnership } from './ownership.ts';
import type { Postmaster } from './postmaster-file.ts';
import { runningServer } from './running-server.ts';
import { shutDown } from './shutdown.ts';

export interface OwnedServer {
  server: Postmaster;
  /** Holds the lock that makes us the server's one process. */
  owner: Client;
}

const retryMs = 500;

/**
 * Watches over the server until `stop`: when our connection to it ends, the server is found again
 * or started again, on the same port, since everybody holds the URL.
 */
export function supervise(
  what: Launch,
  password: string,
  first: OwnedServer,
  log: (message: string) => void,
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  let current = first;
  let recovery: Promise<void> = Promise.resolve();
  watch();

  function watch(): void {
    current.owner.once('end', () => {
      if (!stopping.signal.aborted) recovery = recover();
    });
  }

  async function recover(): Promise<void> {
    const { port } = current.server;
    while (!stopping.signal.aborted) {
      try {
        const server = (await runningServer(what.data)) ?? (await launch(what, port));
        current = { server, owner: await takeOwnership(server, password, what.data) };
        watch();
        log(`PostgreSQL runs again (process ${server.pid})`);
        return;
      } catch (error) {
        log(`PostgreSQL is down: ${String(error)}`);
        await sleep(retryMs);
      }
    }
  }

  return {
    async stop() {
      stopping.abort();
      await recovery;
      await current.owner.end();
      await shutDown(what.data, current.server.pid, what.ephemeral);
    },
  };
}
