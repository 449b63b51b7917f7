import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import type { PressStore } from '#application/ports/press';
import type { Jobs } from '../jobs.ts';
import type { KeyRing } from '../key-ring.ts';
import { sealPress } from '../press-seal.ts';
import * as t from '../schema.ts';
import { withTenant } from '../transaction.ts';
import { databaseNow } from './clock.ts';

/** Stores a press and its job in one transaction: after the ack, a killed process loses nothing. */
export function pressStore(pool: Pool, jobs: Pick<Jobs, 'sendIn'>, ring: KeyRing): PressStore {
  return {
    store: ({ tenant, key, account, action, from }) =>
      withTenant(pool, tenant, 'breakglass_app', async (transaction) => {
        const pressId = randomUUID();
        const pressedAt = await databaseNow(transaction);
        const press = { id: pressId, tenant, account, action, from, pressedAt };
        const [stored] = await transaction.db
          .insert(t.press)
          .values({
            tenantId: tenant,
            pressId,
            key,
            ...account,
            action,
            fromMessage: from,
            pressedAt: new Date(pressedAt),
            seal: sealPress(ring, press),
          })
          .onConflictDoNothing()
          .returning({ id: t.press.pressId });
        // A repeated delivery of the same press: the first one's job does the work.
        if (stored === undefined) return;
        await jobs.sendIn(transaction, 'press', { tenant, id: stored.id });
      }),
  };
}
