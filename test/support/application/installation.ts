import { randomBytes } from 'node:crypto';
import { afterAll, afterEach } from 'vitest';
import type { SignInSetting } from '#application/ports/sign-in';
import type { Queue } from '#application/ports/queues';
import { parseKeyRing } from '#postgres/key-ring';
import { testDatabase, type TestDatabase } from '#test/support/postgres/test-database';
import { RecordingWorld } from './recording-world.ts';
import { startReplica, type Replica, type Surroundings } from './replica.ts';
import { ScriptedAttester } from './scripted-attester.ts';
import { expectSound } from './sound-log.ts';
import { joinTenant, type TestTenant } from './test-tenant.ts';
import { WorkspacePeople } from './workspace-people.ts';
import type { PolicyChoices } from './policy-document.ts';

export interface Installation extends Surroundings {
  readonly database: TestDatabase;
  /** The replicas that run, at least one. */
  readonly replicas: readonly [Replica, ...Replica[]];
  /** Moves the database's clock ahead, for every test that follows as well. */
  readonly advance: (ms: number) => Promise<void>;
  /** A tenant of this test's own; its log is verified when the test ends. */
  tenant(policy?: PolicyChoices): Promise<TestTenant>;
}

export interface InstallationChoices {
  readonly replicas?: number;
  readonly working?: boolean;
  /** The identity provider that approvers sign in at; none unless given. */
  readonly signIn?: SignInSetting | null;
  /**
   * How long a statement may take. The service's own limit would end what a test holds back step by
   * step, on a machine where each step is slow.
   */
  readonly statementTimeoutMs?: number;
}

/**
 * The service without Slack and Sigstore, on a database of this test file's own: real stores, keys
 * and jobs. Call it at the top of a file. After each test every log of it is verified.
 *
 * @param working how many replicas run, and whether their workers take jobs.
 */
export async function testInstallation({
  replicas: count = 1,
  working = true,
  signIn = null,
  statementTimeoutMs,
}: InstallationChoices = {}) {
  const database = await testDatabase();
  const around: Surroundings = {
    people: new WorkspacePeople(),
    attester: new ScriptedAttester(),
    world: new RecordingWorld(),
    keyRing: parseKeyRing(randomBytes(32).toString('hex')),
    signIn,
  };
  const start = () => startReplica(database.url, around, working, statementTimeoutMs);
  const first = await start();
  const replicas: [Replica, ...Replica[]] = [first];
  while (replicas.length < count) replicas.push(await start());
  let offsetMs = 0;
  let tenants: TestTenant[] = [];

  const installation: Installation = {
    ...around,
    database,
    replicas,
    async advance(ms) {
      offsetMs += ms;
      await database.setClockOffset(offsetMs);
    },
    async tenant(policy) {
      const tenant = await joinTenant(installation, policy);
      tenants.push(tenant);
      return tenant;
    },
  };
  afterEach(async () => {
    around.people.failing = false;
    around.people.groupsFailing = false;
    around.people.onCallFailing = false;
    around.attester.reset();
    around.world.beforePublish = async () => {};
    around.world.beforeSay = async () => {};
    around.world.beforeHome = async () => {};
    const made = tenants;
    tenants = [];
    for (const tenant of made) {
      // What was left to be tried again comes to its end, and disturbs no test that follows.
      await tenant.hurry();
      await tenant.hurry();
      await expectSound(database.pool, first.stores, tenant.id);
    }
  });
  afterAll(() => Promise.all(replicas.map((one) => one.stop())));
  return installation;
}

/** Lets the workers of a queue look now, in all replicas. */
export function wakeAll({ replicas }: Pick<Installation, 'replicas'>, queue: Queue): void {
  for (const { jobs } of replicas) jobs.wake(queue);
}
