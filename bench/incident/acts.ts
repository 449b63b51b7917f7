import { randomUUID } from 'node:crypto';
import { commitSession } from '#application/commit/commit-session';
import type { TenantReads } from '#application/ports/tenant-store';
import type { Command } from '#domain/bypass/command';
import { bypassId, type BypassId, type PersonId } from '#domain/ids';
import { HOUR_MS } from '#domain/instant';
import { isRefusal } from '#domain/refusal';
import { factsOf } from '../decision/open-bypass.ts';
import { GATE } from '../decision/first-tenant.ts';
import type { BenchTenant } from './tenants.ts';
import type { World } from './world.ts';

export const TTL_MS = HOUR_MS;

/** Asks for so many bypasses of a service in production, all in one commit. */
export async function askFor(
  world: World,
  tenant: BenchTenant,
  count: number,
): Promise<readonly BypassId[]> {
  const bypasses = Array.from({ length: count }, () => bypassId(randomUUID()));
  const scope = { service: 'checkout', environment: 'production', branch: null, artifact: null };
  const words = { severity: null, justification: 'nobody can pay', incident: null };
  const asked = { gate: GATE, scope, ...words, ttlMs: TTL_MS, drill: false, extends: null };
  await together(world, tenant, bypasses, async (_tx, bypass) => ({
    type: 'open',
    bypass,
    by: tenant.onCall,
    ...asked,
  }));
  return bypasses;
}

/** One approval of each, all in one commit. */
function approveAll(
  world: World,
  tenant: BenchTenant,
  bypasses: readonly BypassId[],
  by: PersonId,
): Promise<void> {
  return together(world, tenant, bypasses, async (tx, bypass) => {
    const request = (await tx.bypass(bypass))?.requestDigest;
    if (request === undefined) throw new RangeError('the request is not there');
    const given = { request, ttlMs: TTL_MS, pressedAt: await tx.now() } as const;
    return { type: 'approve', bypass, by, ...given, signing: 'provisional', steppedUp: false };
  });
}

export function closeAll(
  world: World,
  tenant: BenchTenant,
  bypasses: readonly BypassId[],
): Promise<void> {
  return together(world, tenant, bypasses, async (_tx, bypass) => ({
    type: 'close',
    bypass,
    by: tenant.onCall,
  }));
}

/** Asked for and approved by two: active from one commit on. */
export async function activate(
  world: World,
  tenant: BenchTenant,
  count: number,
): Promise<readonly BypassId[]> {
  const bypasses = await askFor(world, tenant, count);
  await approveAll(world, tenant, bypasses, tenant.release1);
  await approveAll(world, tenant, bypasses, tenant.release2);
  return bypasses;
}

async function together(
  { replica: { ports } }: World,
  { id, team, onCall, release1, release2 }: BenchTenant,
  bypasses: readonly BypassId[],
  commandOf: (tx: TenantReads, bypass: BypassId) => Promise<Command>,
): Promise<void> {
  await ports.store.locked(id, async (tx) => {
    const facts = await factsOf(tx, [onCall, release1, release2]);
    const session = commitSession(id, tx, ports.keys, ports.newSalt);
    const card = { team, channel: 'C0INCIDENT' };
    for (const bypass of bypasses) {
      const outcome = await session.run(await commandOf(tx, bypass), facts, { card });
      if (isRefusal(outcome)) throw new RangeError(`refused: ${JSON.stringify(outcome)}`);
    }
    await session.finish();
  });
}
