import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { pino } from 'pino';
import type { SigningStore } from '#application/ports/signing-store';
import { keptStages } from '#application/press/signing-stages';
import { tenantId, type TenantId } from '#domain/ids';
import { digestOf } from '#ledger/digest';
import { createPool } from '#postgres/connection';
import { startEmbeddedPostgres } from '#postgres/embedded/start-embedded-postgres';
import { migrate } from '#postgres/migrate';
import { signingStore } from '#postgres/store/signing-store';
import { brokerAttester } from '#runtime/broker-attester';
import { openCircuits } from '#runtime/open-circuits';
import { createIssuer, generateIssuerKey, type Issuer } from '#sigstore/issuer';
import { machineTold } from './machine.ts';
import { median, tableOf, type Row } from './table.ts';

/*
 * What attesting adds to an approval beyond what Fulcio, the timestamp authority and the log take:
 * the whole of it, token, key, signature, three calls and every stage in the database, over the time
 * that the services themselves were at work. Both in one run, in processes of their own.
 */

const ROUNDS = 60;
const WARM_UP = 20;
/** What a service beyond the machine takes at least in each of the three calls. */
const REMOTE_MS = [25, 50, 100];
/** The promise: no more than the services' own time plus a tenth. */
const LIMIT = 1.1;

/** `npm run bench -- attest`: what attesting adds to the time that the services themselves take. */
export async function benchAttest(): Promise<string> {
  const machine = machineTold();
  await using cleanup = new AsyncDisposableStack();
  const { signings, tenant } = await database(cleanup);
  const issuer = await servedIssuer(cleanup);
  const measure = (pauseMs: number) => measured(issuer, signings, tenant, pauseMs);
  const rows: Row[] = [];
  for (const pauseMs of REMOTE_MS) rows.push(rowOf(pauseMs, await measure(pauseMs)));
  const { ratio } = await measure(0);
  return (
    `${machine}\n\n${tableOf(rows)}\n\n` +
    `With nothing in between, all on one machine, the ratio is ${ratio.toFixed(2)}.`
  );
}

interface Measured {
  readonly wholeMs: number;
  readonly servicesMs: number;
  readonly ratio: number;
}

const rowOf = (pauseMs: number, { wholeMs, servicesMs, ratio }: Measured): Row => ({
  what: `three services, each ${pauseMs} ms away`,
  measured: `${wholeMs.toFixed(1)} ms, all stages kept`,
  against: `${servicesMs.toFixed(1)} ms in the services`,
  ratio,
  limit: LIMIT,
});

async function measured(
  issuer: Issuer,
  signings: SigningStore,
  tenant: TenantId,
  pauseMs: number,
): Promise<Measured> {
  const args = [issuer.issuerUrl, String(pauseMs)];
  const services = fork(join(import.meta.dirname, 'attest-services.ts'), args);
  const { url } = await told<{ url: string }>(services);
  const silent = pino({ level: 'silent' });
  const urls = { fulcioUrl: url, tsaUrl: url, rekorUrl: url, rekorVersion: 1 } as const;
  const attester = brokerAttester(issuer, urls, openCircuits(silent), silent);
  const sign = async (round: number): Promise<void> => {
    const bytes = new TextEncoder().encode(JSON.stringify({ round, filler: 'x'.repeat(3_000) }));
    const digest = digestOf(bytes);
    const subject = { kind: 'approval', about: randomUUID() } as const;
    const stages = keptStages(signings, tenant, subject, { bytes, digest }, {}, null);
    const answer = await attester.attest(bytes, digest, 'amy@example.com', Date.now(), stages);
    await stages.settled();
    if (!answer.ok) throw new Error(`it was not signed: ${answer.fault}`);
  };
  for (let round = 0; round < WARM_UP; round += 1) await sign(round);
  const rounds: Measured[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const served = await servedMs(services);
    const begun = performance.now();
    await sign(WARM_UP + round);
    const wholeMs = performance.now() - begun;
    const servicesMs = (await servedMs(services)) - served;
    rounds.push({ wholeMs, servicesMs, ratio: wholeMs / servicesMs });
  }
  services.send('end');
  await exited(services);
  return {
    wholeMs: median(rounds.map((one) => one.wholeMs)),
    servicesMs: median(rounds.map((one) => one.servicesMs)),
    ratio: median(rounds.map((one) => one.ratio)),
  };
}

async function servedMs(services: ChildProcess): Promise<number> {
  services.send('served');
  return (await told<{ servedMs: number }>(services)).servedMs;
}

async function told<T>(services: ChildProcess): Promise<T> {
  const [message] = (await once(services, 'message')) as [T];
  return message;
}

async function exited(services: ChildProcess): Promise<void> {
  if (services.exitCode === null) await once(services, 'exit');
}

async function database(
  cleanup: AsyncDisposableStack,
): Promise<{ signings: SigningStore; tenant: TenantId }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'bench-attest-'));
  cleanup.defer(() => rm(dataDir, { recursive: true, force: true }));
  // PostgreSQL does not run as root, and the user it runs as then must be able to enter.
  await chmod(dataDir, 0o711);
  const server = await startEmbeddedPostgres({ dataDir, ephemeral: true });
  cleanup.defer(() => server.stop());
  await migrate(server.url);
  const pool = createPool(server.url, { max: 4 });
  cleanup.defer(() => pool.end());
  const tenant = tenantId(randomUUID());
  await pool.query("INSERT INTO app.tenant (tenant_id, name) VALUES ($1, 'bench')", [tenant]);
  return { signings: signingStore(pool), tenant };
}

async function servedIssuer(cleanup: AsyncDisposableStack): Promise<Issuer> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanup.defer(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  });
  const { port } = server.address() as AddressInfo;
  const issuer = createIssuer({
    issuerUrl: `http://127.0.0.1:${port}`,
    keys: [await generateIssuerKey()],
  });
  const serve = getRequestListener(issuer.routes().fetch);
  server.on('request', (incoming, response) => void serve(incoming, response));
  return issuer;
}
