import type { Pool } from 'pg';
import { expect } from 'vitest';
import { exportLog } from '#application/audit/export-log';
import type { BypassEvent } from '#domain/bypass/event';
import type { Bypass, Chain } from '#domain/bypass/chain';
import { evolve } from '#domain/bypass/evolve';
import type { TenantId } from '#domain/ids';
import type { Policy } from '#domain/policy/policy';
import { digestOf } from '#ledger/digest';
import { leafBytes } from '#ledger/leaf';
import { leafHash, rootOf } from '#ledger/merkle';
import { isBypassEvent } from '#ledger/recorded-event';
import { verify } from '#ledger/verify/verify';
import type { openStores } from '#runtime/stores';
import { independentReplay } from '#test/support/replay/independent-replay';
import { ISSUER, testChecks } from '#test/support/replay/sealed-log';
import { PROVIDER } from './test-provider.ts';
import { eventIn } from './test-tenant.ts';

type Stores = Awaited<ReturnType<typeof openStores>>;

/**
 * Everything that must hold of a tenant's record: its export verifies and keeps every rule by two
 * replays, each checkpoint ever signed covers a prefix of the log, states and rows are what the
 * entries say, and nothing happened twice.
 */
export async function expectSound(pool: Pool, stores: Stores, tenant: TenantId): Promise<void> {
  await expectVerified(stores, tenant);
  const entries = await entriesOf(pool, tenant);
  expect(entries.map((one) => one.index)).toEqual(entries.map((_, place) => place));
  await expectCheckpoints(pool, tenant, entries);
  await expectReplayed(pool, tenant, entries);
  const chains = statesOf(entries);
  await expectStates(pool, tenant, chains);
  expectOnce(entries);
}

async function expectVerified(stores: Stores, tenant: TenantId): Promise<void> {
  const keys = await stores.keys.keysOf(tenant);
  const report = await verify({
    lines: exportLog(stores, tenant, Date.UTC(2030, 0, 1)),
    pinned: {
      logKeys: [keys.logKey],
      serviceKeys: [keys.serviceKeyId],
      issuers: [ISSUER, PROVIDER],
    },
    checks: testChecks,
  });
  expect(report.findings).toEqual([]);
  expect(report).toMatchObject({ ok: true, readable: true, tenant });
}

interface Entry {
  readonly index: number;
  readonly statement: Uint8Array;
  readonly envelope: string;
}

async function entriesOf(pool: Pool, tenant: TenantId): Promise<readonly Entry[]> {
  const { rows } = await pool.query<Entry>(
    'SELECT index, statement, envelope FROM app.log_entry WHERE tenant_id = $1 ORDER BY index',
    [tenant],
  );
  return rows;
}

/** The root of each size is made anew from the leaves, so every checkpoint is a prefix of the last. */
async function expectCheckpoints(pool: Pool, tenant: TenantId, entries: readonly Entry[]) {
  const leaves = entries.map(({ statement, envelope }) =>
    leafHash(leafBytes(digestOf(statement), digestOf(envelope))),
  );
  const { rows } = await pool.query<{ size: number; root: Buffer }>(
    'SELECT size, root FROM app.log_checkpoint WHERE tenant_id = $1 ORDER BY size',
    [tenant],
  );
  expect(rows.at(-1)?.size).toBe(entries.length);
  for (const { size, root } of rows)
    expect(root.toString('hex')).toBe(Buffer.from(rootOf(leaves.slice(0, size))).toString('hex'));
}

async function expectReplayed(pool: Pool, tenant: TenantId, entries: readonly Entry[]) {
  const { rows } = await pool.query<{ digest: string; content: Policy }>(
    'SELECT digest, content FROM app.policy WHERE tenant_id = $1',
    [tenant],
  );
  const policies = Object.fromEntries(rows.map(({ digest, content }) => [digest, content]));
  const log = entries.map(({ statement }) => ({
    digest: digestOf(statement),
    event: eventIn(statement),
  }));
  expect(independentReplay(log, policies)).toEqual([]);
}

function statesOf(entries: readonly Entry[]): ReadonlyMap<string, Chain> {
  const chains = new Map<string, Chain>();
  for (const { statement } of entries) {
    const event = eventIn(statement);
    if (!isBypassEvent(event)) continue;
    // States hold nothing of what is detached, so the digests in its place make no difference.
    const before = chains.get(event.chain) ?? null;
    chains.set(event.chain, evolve(before, event as unknown as BypassEvent));
  }
  return chains;
}

async function expectStates(pool: Pool, tenant: TenantId, chains: ReadonlyMap<string, Chain>) {
  const stored = await pool.query<{ id: string; state: Chain }>(
    'SELECT chain_id AS id, state FROM app.chain WHERE tenant_id = $1',
    [tenant],
  );
  expect(Object.fromEntries(stored.rows.map((row) => [row.id, row.state]))).toEqual(
    Object.fromEntries(chains),
  );
  const { rows } = await pool.query<Record<string, unknown>>(BYPASS_ROWS, [tenant]);
  const expected = [...chains.values()].flatMap((chain) =>
    chain.bypasses.map((bypass) => rowOf(chain, bypass)),
  );
  expect(byId(rows)).toEqual(byId(expected));
}

const BYPASS_ROWS = `
  SELECT bypass_id, chain_id, phase, gate, service, environment, branch, artifact, severity, drill,
    requester, policy_digest, ttl_ms, expires_at, ended_at, opened_at
  FROM app.bypass WHERE tenant_id = $1`;

function rowOf(chain: Chain, bypass: Bypass): Record<string, unknown> {
  const { request } = bypass;
  const grant = 'grant' in bypass ? bypass.grant : null;
  return {
    bypass_id: request.id,
    chain_id: chain.id,
    phase: bypass.phase,
    gate: request.gate,
    ...request.scope,
    severity: request.severity,
    drill: chain.drill,
    requester: request.requester,
    policy_digest: request.policy,
    ttl_ms: grant?.ttlMs ?? null,
    expires_at: grant === null ? null : new Date(grant.expiresAt),
    ended_at: 'endedAt' in bypass ? new Date(bypass.endedAt) : null,
    opened_at: new Date(request.openedAt),
  };
}

const byId = (rows: readonly Record<string, unknown>[]) =>
  rows.toSorted((a, b) => String(a['bypass_id']).localeCompare(String(b['bypass_id'])));

function expectOnce(entries: readonly Entry[]): void {
  const seen = new Set<string>();
  for (const { statement } of entries) {
    const event = eventIn(statement);
    if (!ONCE.has(event.type) || !isBypassEvent(event)) continue;
    const about = `${event.type} ${event.type.startsWith('post') ? event.chain : event.bypass}`;
    expect(seen).not.toContain(about);
    seen.add(about);
  }
}

const ONCE = new Set([
  'request.opened',
  'request.denied',
  'request.withdrawn',
  'request.lapsed',
  'bypass.activated',
  'bypass.closed',
  'post-mortem.opened',
  'post-mortem.completed',
]);
