import type { Pool } from 'pg';
import { parseKeyRing } from '#postgres/key-ring';
import { RecordingWorld } from '#test/support/application/recording-world';
import { startReplica, type Replica } from '#test/support/application/replica';
import { ScriptedAttester } from '#test/support/application/scripted-attester';
import { WorkspacePeople } from '#test/support/application/workspace-people';
import { benchDatabase, type BenchDatabase } from '../decision/database.ts';

/** A replica with the product's stores, keys and queues over the bench's PostgreSQL. */
export interface World {
  readonly database: BenchDatabase;
  /** Of the database's owner. */
  readonly owner: Pool;
  readonly replica: Replica;
  /** What stands in for Slack's directory: it answers at once. */
  readonly people: WorkspacePeople;
}

/**
 * No worker runs: each bench starts what it measures. Sigstore is away, so that the service's key
 * signs, and what is measured is ours.
 */
export async function benchWorld(cleanup: AsyncDisposableStack): Promise<World> {
  const database = await benchDatabase(cleanup);
  const people = new WorkspacePeople();
  const replica = await replicaOn(database, people, cleanup);
  return { database, owner: database.pool, replica, people };
}

export async function replicaOn(
  { url, kek }: Pick<BenchDatabase, 'url' | 'kek'>,
  people: WorkspacePeople,
  cleanup: AsyncDisposableStack,
): Promise<Replica> {
  const attester = new ScriptedAttester();
  attester.fault = 'unavailable';
  const around = { people, attester, world: new RecordingWorld(), keyRing: parseKeyRing(kek) };
  const replica = await startReplica(url, { ...around, signIn: null }, false, 60_000);
  cleanup.defer(() => replica.stop());
  return replica;
}
