import { randomUUID } from 'node:crypto';
import { commitSession } from '#application/commit/commit-session';
import type { Facts } from '#application/commit/facts';
import type { Ports } from '#application/ports/ports';
import type { TenantReads } from '#application/ports/tenant-store';
import type { Command } from '#domain/bypass/command';
import { bypassId, type PersonId, type TenantId } from '#domain/ids';
import { HOUR_MS } from '#domain/instant';
import { isRefusal } from '#domain/refusal';
import { PEOPLE } from '#test/support/application/policy-document';
import { GATE, TEAM } from './first-tenant.ts';

type Opening = Pick<Ports, 'store' | 'keys' | 'newSalt' | 'people'>;

const TTL_MS = HOUR_MS;

/** Opens a bypass for a service in production as two approvals do, cards of it included. */
export async function openBypass(ports: Opening, tenant: TenantId, service: string): Promise<void> {
  const account = (user: string) => ({ team: TEAM, user });
  const people = [PEOPLE.onCall, PEOPLE.release1, PEOPLE.release2].map((user) => ({
    account: account(user),
    same: [],
    name: user,
  }));
  const [onCall, ...approvers] = await ports.people.personsOf(tenant, people);
  if (onCall === undefined) throw new RangeError('nobody is there to ask');
  const bypass = bypassId(randomUUID());
  const scope = { service, environment: 'production', branch: null, artifact: null };
  const words = { severity: null, justification: 'nobody can pay', incident: null };
  const asked = { gate: GATE, scope, ...words, ttlMs: TTL_MS, drill: false, extends: null };
  const members = [onCall, ...approvers];
  await commit(ports, tenant, members, async () => ({
    type: 'open',
    bypass,
    by: onCall,
    ...asked,
  }));
  for (const by of approvers)
    await commit(ports, tenant, members, async (tx) => {
      const request = (await tx.bypass(bypass))?.requestDigest;
      if (request === undefined) throw new RangeError('the request is not there');
      const given = { request, ttlMs: TTL_MS, pressedAt: await tx.now() } as const;
      return { type: 'approve', bypass, by, ...given, signing: 'provisional', steppedUp: false };
    });
}

async function commit(
  { store, keys, newSalt }: Opening,
  tenant: TenantId,
  members: readonly PersonId[],
  commandOf: (tx: TenantReads) => Promise<Command>,
): Promise<void> {
  await store.locked(tenant, async (tx) => {
    const command = await commandOf(tx);
    const session = commitSession(tenant, tx, keys, newSalt);
    const card = { team: TEAM, channel: 'C0INCIDENT' };
    const outcome = await session.run(command, await factsOf(tx, members), { card });
    if (isRefusal(outcome)) throw new RangeError(`refused: ${JSON.stringify(outcome)}`);
    await session.finish();
  });
}

/** Everybody is in every group, as somebody looked it up just now. */
export async function factsOf(tx: TenantReads, members: readonly PersonId[]): Promise<Facts> {
  const policy = await tx.currentPolicy();
  if (policy === null) throw new RangeError('the tenant has no policy');
  const lookedUpAt = await tx.now();
  const groups = ['engineers', 'release', 'db-senior'];
  const found = { policy: policy.digest, lookedUpAt, outcome: 'members', members } as const;
  return {
    lookUps: groups.map((group) => ({ ...found, group })),
    standings: Object.fromEntries(members.map((one) => [one, 'member' as const])),
  };
}
