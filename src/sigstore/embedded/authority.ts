import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { lockFolder } from './folder-lock.ts';
import { fulcioRoutes } from './fulcio.ts';
import { openKeyRing } from './key-ring.ts';
import type { KeyRing } from './key-ring.ts';
import { makePrivateFolder } from './private-file.ts';
import { rekorRoutes } from './rekor.ts';
import { rekorTilesRoutes } from './rekor-tiles.ts';
import { timestampRoutes } from './timestamp-service.ts';
import type { TrustedIssuer } from './token-claims.ts';
import { tokenVerifier } from './token-verifier.ts';
import { openTransparencyLog } from './transparency-log.ts';
import type { TransparencyLog } from './transparency-log.ts';
import { trustedRootOf } from './trusted-root.ts';
import { openUsedTokens } from './used-tokens.ts';
import type { UsedTokens } from './used-tokens.ts';

export interface AuthorityOptions {
  /** Keys, certificates, log and used tokens live here, mode 0600. One process at a time. */
  readonly folder: string;
  readonly issuers: readonly TrustedIssuer[];
  /** Default 0: any free port. */
  readonly port?: number;
  readonly clock?: () => Date;
}

export interface EmbeddedAuthority {
  /** Base URL of Fulcio, Rekor and timestamp service alike. */
  readonly url: string;
  /** The trusted root that verifies everything it ever signed: JSON, protobuf `TrustedRoot` v0.1. */
  readonly trustedRoot: unknown;
  /** Ends open connections, flushes, and gives the folder back. */
  close(): Promise<void>;
}

const MAX_BODY_BYTES = 1024 * 1024;

/**
 * Starts a certificate authority, a transparency log and a timestamp service on 127.0.0.1, with
 * the interfaces of Fulcio v2, Rekor v1 and v2 and RFC 3161. For development and evaluation: formats and
 * checks are the real ones, but all keys are in one process and its certificate-transparency key
 * signs SCTs for a log that nobody can read.
 * Throws `FolderInUse` if another live process has the folder.
 */
export async function startEmbeddedAuthority(
  options: AuthorityOptions,
): Promise<EmbeddedAuthority> {
  const clock = options.clock ?? ((): Date => new Date());
  await makePrivateFolder(options.folder);
  await using cleanup = new AsyncDisposableStack();
  cleanup.defer(await lockFolder(options.folder));
  const ring = await openKeyRing(options.folder, clock());
  const log = await openTransparencyLog(options.folder, clock, ring.formerLogs.length + 1);
  cleanup.defer(() => log.close());
  const usedTokens = await openUsedTokens(options.folder, clock());
  cleanup.defer(() => usedTokens.close());
  const app = routes({ ring, log, usedTokens, clock, issuers: options.issuers });
  const server = await listen(app, options.port ?? 0);
  cleanup.defer(() => stop(server));
  // From here on it is running; what was opened is closed by close(), last first.
  const running = cleanup.move();
  return {
    url: urlOf(server),
    trustedRoot: trustedRootOf(ring),
    close: () => running.disposeAsync(),
  };
}

function routes(parts: {
  readonly ring: KeyRing;
  readonly log: TransparencyLog;
  readonly usedTokens: UsedTokens;
  readonly clock: () => Date;
  readonly issuers: readonly TrustedIssuer[];
}): Hono {
  const { ring, log, usedTokens, clock, issuers } = parts;
  const app = new Hono();
  app.use(
    bodyLimit({
      maxSize: MAX_BODY_BYTES,
      onError: tooLarge,
    }),
  );
  app.route('/', fulcioRoutes({ ring, usedTokens, clock, verifyToken: tokenVerifier(issuers) }));
  app.route('/', rekorRoutes(log, ring.transparencyLog.key));
  app.route('/', rekorTilesRoutes(log, ring.transparencyLog.key));
  app.route('/', timestampRoutes(ring, clock));
  app.get('/trusted-root.json', () => Response.json(trustedRootOf(ring)));
  app.notFound(() => Response.json({ code: 404, message: 'not found' }, { status: 404 }));
  // The fault's own words could quote the request, and with it a token.
  app.onError(() => Response.json({ code: 500, message: 'internal error' }, { status: 500 }));
  return app;
}

// The rest of the body is not read, so the connection cannot serve another request.
function tooLarge(): Response {
  const headers = { connection: 'close' };
  return Response.json({ code: 413, message: 'request too large' }, { status: 413, headers });
}

async function listen(app: Hono, port: number): Promise<Server> {
  const server = createAdaptorServer({ fetch: app.fetch });
  if (!('closeAllConnections' in server)) throw new TypeError('expected an HTTP/1 server');
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return server;
}

function urlOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('no TCP address');
  return `http://127.0.0.1:${address.port}`;
}

async function stop(server: Server): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
    server.closeAllConnections();
  });
}
