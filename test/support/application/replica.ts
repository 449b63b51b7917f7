import { randomBytes, randomUUID } from 'node:crypto';
import { pino } from 'pino';
import type { Pool } from 'pg';
import { DEFAULT_EVERY_MS } from '#application/checkpoints/want-checkpoints';
import { mineReader } from '#application/forms/mine';
import type { Outbound } from '#application/ports/outbound';
import { HOUR_MS } from '#domain/instant';
import type { PressStore } from '#application/ports/press';
import type { OnCall } from '#application/ports/on-call';
import type { Ports } from '#application/ports/ports';
import type { SignInSetting } from '#application/ports/sign-in';
import { createPool } from '#postgres/connection';
import type { KeyRing } from '#postgres/key-ring';
import { startJobs, type Jobs } from '#postgres/jobs';
import { pressStore } from '#postgres/store/press-store';
import { createTemplates } from '#postmortem/templates';
import { openStores } from '#runtime/stores';
import { ensureQueues, startWorkers, type WorkerPorts } from '#runtime/workers';
import type { RecordingWorld } from './recording-world.ts';
import type { ScriptedAttester } from './scripted-attester.ts';
import type { WorkspacePeople } from './workspace-people.ts';

type Stores = Awaited<ReturnType<typeof openStores>>;

/** One process of the service: connections, stores and workers of its own. */
export interface Replica {
  readonly pool: Pool;
  readonly jobs: Jobs;
  readonly stores: Stores;
  readonly ports: Ports & Stores;
  /** What the handlers of jobs work with. */
  readonly workerPorts: WorkerPorts;
  /** Stores presses without the jobs that handle them. */
  readonly presses: Pick<PressStore, 'store'>;
  stop(): Promise<void>;
}

export interface Surroundings {
  readonly people: WorkspacePeople;
  readonly attester: ScriptedAttester;
  readonly world: RecordingWorld;
  readonly keyRing: KeyRing;
  readonly signIn: SignInSetting | null;
}

const DRAIN_MS = 5_000;
/** Tests make an hour's edits in a second; what paces them has a test of its own. */
const UNPACED = { editsPerMinute: 100_000 };

/**
 * Starts a replica on the database; without `working` it takes no jobs.
 *
 * @param statementTimeoutMs the service's own unless given.
 */
export async function startReplica(
  url: string,
  { people, attester, world, keyRing, signIn }: Surroundings,
  working = true,
  statementTimeoutMs?: number,
): Promise<Replica> {
  const patience =
    statementTimeoutMs === undefined
      ? {}
      : { statementTimeoutMs, connectTimeoutMs: statementTimeoutMs };
  const pool = createPool(url, { max: 12, role: 'breakglass_app', ...patience });
  const jobs = await startJobs(url, { onError: () => undefined });
  const stores = await openStores({ dataDir: '', slack: UNPACED }, { keyRing }, { pool, jobs });
  const ports = {
    ...stores,
    directory: people,
    onCall: {
      usersOf: (...asked: Parameters<OnCall['usersOf']>) => people.onCall.usersOf(...asked),
    },
    attester,
    templates: createTemplates(),
    newSalt: () => new Uint8Array(randomBytes(16)),
    newId: () => randomUUID(),
    signIn,
    evaluation: false,
  };
  await ensureQueues(jobs);
  const outbound: Outbound = {
    announcer: world,
    mailer: null,
    witnesses: world.witnesses,
    everyMs: DEFAULT_EVERY_MS,
    onAlarm: (_tenant, notice) => void world.logged.push(notice),
  };
  const workerPorts: WorkerPorts = {
    ...ports,
    publisher: world,
    homePublisher: world,
    mine: mineReader(ports),
    pagers: world.pagers,
    pageLinks: { linkFor: async () => null },
    eventSender: world,
    oauth: null,
    provenance: world.provenance,
    issueTracker: world.issueTracker,
    outbound,
    provisionalAlarmMs: HOUR_MS,
    adapterOf: () => world.gate,
    gateDelivery: () => Promise.reject(new RangeError('no gate sends deliveries')),
  };
  if (working) await startWorkers(workerPorts, jobs, pino({ level: 'silent' }));
  return {
    pool,
    jobs,
    stores,
    ports,
    workerPorts,
    presses: pressStore(pool, { sendAllIn: async () => undefined }, keyRing),
    async stop() {
      await jobs.stop(DRAIN_MS);
      if (!pool.ended) await pool.end();
    },
  };
}
