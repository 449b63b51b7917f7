import { setTimeout as sleep } from 'node:timers/promises';
import { decisionClient, type DecisionClient } from '#test/support/application/decision-client';
import { GATE } from '../decision/first-tenant.ts';
import type { BenchTenant } from './tenants.ts';
import type { World } from './world.ts';

/** Answers by the time that the database gave each, before an instant and from it on. */
export interface Asked {
  readonly before: number;
  /** Of those before: let through. */
  readonly open: number;
  readonly after: number;
  /** Of those after: let through, which none may be. */
  readonly late: number;
}

const ASKERS = 4;
const PAUSE_MS = 25;

/** One with a token of its own for each tenant. */
export async function clientsOf(
  { replica }: World,
  tenants: readonly BenchTenant[],
): Promise<readonly DecisionClient[]> {
  const clients: DecisionClient[] = [];
  for (const tenant of tenants) clients.push(await decisionClient(replica, tenant));
  return clients;
}

/** Asks gate by gate, a tenant behind the other, until it is stopped: each time for another deploy. */
export function askAcross(
  clients: readonly DecisionClient[],
  endsAt: number,
): { stop(): Promise<Asked> } {
  const counts = { before: 0, open: 0, after: 0, late: 0 };
  const over = new AbortController();
  let asked = 0;
  const one = async (): Promise<void> => {
    while (!over.signal.aborted) {
      asked += 1;
      const client = clients[asked % clients.length];
      if (client === undefined) throw new RangeError('no tenant is asked about');
      const deploy = { id: `run-${asked}`, attempt: 1 };
      const answer = await client.ask({ gate: GATE, deploy });
      const isThrough = answer.decision === 'bypass';
      if (answer.serverTime < endsAt) counts.before += 1;
      else counts.after += 1;
      if (isThrough && answer.serverTime < endsAt) counts.open += 1;
      if (isThrough && answer.serverTime >= endsAt) counts.late += 1;
      const [error] = client.errors;
      if (error !== undefined) throw error;
      await sleep(PAUSE_MS);
    }
  };
  const asking = Promise.allSettled(Array.from({ length: ASKERS }, one));
  return {
    async stop() {
      over.abort();
      for (const result of await asking) if (result.status === 'rejected') throw result.reason;
      if (counts.open === 0) throw new RangeError('nobody was let through before the instant');
      if (counts.after === 0) throw new RangeError('nobody asked at or after the instant');
      return counts;
    },
  };
}
