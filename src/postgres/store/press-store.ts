import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { gathered } from '#application/commit/gathered';
import type { NewPress, PressStore } from '#application/ports/press';
import type { TenantId } from '#domain/ids';
import type { Jobs } from '../jobs.ts';
import type { KeyRing } from '../key-ring.ts';
import { sealPress } from '../press-seal.ts';
import * as t from '../schema.ts';
import { withTenant } from '../transaction.ts';
import { databaseNow } from './clock.ts';

/** In an incident many press at once, and each waits no longer than Slack does. */
const TOGETHER = { runs: 2, items: 50 };

type Stores = (press: NewPress) => Promise<void>;

/**
 * Stores a press and its job in one transaction: after the ack, a killed process loses nothing. Those
 * of a tenant that come together go in one.
 */
export function pressStore(pool: Pool, jobs: Pick<Jobs, 'sendAllIn'>, ring: KeyRing): PressStore {
  const ofTenant = new Map<TenantId, Stores>();
  const storesOf = (tenant: TenantId): Stores => {
    const known = ofTenant.get(tenant);
    if (known !== undefined) return known;
    const made = gathered<NewPress, Stored>(
      (presses) => storeAll(pool, jobs, ring, tenant, presses),
      TOGETHER,
    );
    const store: Stores = async (press) => {
      const { failure } = await made(press);
      if (failure !== null) throw failure.cause;
    };
    ofTenant.set(tenant, store);
    return store;
  };
  return { store: (press) => storesOf(press.tenant)(press) };
}

interface Stored {
  readonly failure: { readonly cause: unknown } | null;
}

const STORED: Stored = { failure: null };

/** One that cannot be stored fails by itself: where all of them together fail, each is tried alone. */
async function storeAll(
  pool: Pool,
  jobs: Pick<Jobs, 'sendAllIn'>,
  ring: KeyRing,
  tenant: TenantId,
  presses: readonly NewPress[],
): Promise<readonly Stored[]> {
  try {
    await storeTogether(pool, jobs, ring, tenant, presses);
    return presses.map(() => STORED);
  } catch (cause) {
    if (presses.length === 1) return [{ failure: { cause } }];
    const alone = presses.map((press) => storeAll(pool, jobs, ring, tenant, [press]));
    return (await Promise.all(alone)).flat();
  }
}

async function storeTogether(
  pool: Pool,
  jobs: Pick<Jobs, 'sendAllIn'>,
  ring: KeyRing,
  tenant: TenantId,
  presses: readonly NewPress[],
): Promise<void> {
  await withTenant(pool, tenant, 'breakglass_app', async (transaction) => {
    const pressedAt = await databaseNow(transaction);
    const traces = new Map<string, string>();
    const rows = presses.map(({ key, account, action, from, via = 'slack', trace }) => {
      const id = randomUUID();
      if (trace !== undefined) traces.set(id, trace);
      const press = { id, tenant, account, action, from, via, pressedAt };
      return {
        tenantId: tenant,
        pressId: id,
        key,
        ...account,
        action,
        fromMessage: from,
        via,
        pressedAt: new Date(pressedAt),
        seal: sealPress(ring, press),
      };
    });
    const stored = await transaction.db
      .insert(t.press)
      .values(rows)
      .onConflictDoNothing()
      .returning({ id: t.press.pressId });
    // A repeated delivery of the same press: the first one's job does the work.
    if (stored.length === 0) return;
    const sent = stored.map(({ id }) => {
      const trace = traces.get(id);
      return trace === undefined ? { tenant, id } : { tenant, id, trace };
    });
    await jobs.sendAllIn(transaction, 'press', sent);
  });
}
