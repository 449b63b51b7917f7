import type { Pool } from 'pg';
import { parseKeyRing } from '#postgres/key-ring';
import { tenantIdOf } from '#application/tenant/tenant-id';
import { startReplica } from '../application/replica.ts';
import { RecordingWorld } from '../application/recording-world.ts';
import { ScriptedAttester } from '../application/scripted-attester.ts';
import { WorkspacePeople } from '../application/workspace-people.ts';
import type { PressAction } from '#application/ports/press';
import type {
  Acknowledged,
  Answered,
  History,
  Paged,
  TenantRecord,
  Violation,
} from '../races/history.ts';
import { violationsOf } from '../races/rules/all.ts';
import { recordOf } from '../races/tenant-record.ts';
import { acknowledgedKeys } from './acknowledged.ts';
import { cardsInSlack } from './cards-in-slack.ts';
import { sentTooEarly } from './limits.ts';
import type { Observed } from './observed.ts';
import { comparable } from './rounds.ts';
import type { World } from './world.ts';

export const TENANT = tenantIdOf('acme');

export interface Checked {
  readonly violations: readonly Violation[];
  /** How many things each rule was held against, by its number. */
  readonly checks: Readonly<Record<number, number>>;
}

/** Holds all that was seen and all that stands against every rule. Nothing may be left to do. */
export async function check(
  world: World,
  observed: Observed,
  mayWait: readonly string[],
): Promise<Checked> {
  const { pool, replicas } = world;
  const { workspace } = replicas[0].at;
  // What was committed since the last question was not there when that was asked.
  await observed.looked();
  const record = withoutWaiting(await readRecord(world), mayWait);
  const acknowledged = acknowledgedKeys(workspace);
  const cards = await cardsInSlack(pool, workspace, record, observed.next());
  const seen = comparable(observed.all, record);
  const history: History = {
    observed: [
      ...seen,
      ...cards,
      ...(await pressesOf(pool, acknowledged)),
      ...pagesOf(world, observed.next()),
    ],
    tenants: [record],
  };
  const limits = sentTooEarly(workspace.calls(), observed.hindered, TENANT);
  const violations = [
    ...violationsOf(history),
    ...lost(record, acknowledged),
    ...limits.violations,
    ...deadLetters(record),
    ...observed.shrunk.map((what) => ({ rule: 7, tenant: TENANT, what })),
  ];
  return { violations, checks: counts(record, seen, acknowledged.size, limits.checks) };
}

async function readRecord({ databaseUrl, pool, replicas }: World): Promise<TenantRecord> {
  const surroundings = {
    people: new WorkspacePeople(),
    attester: new ScriptedAttester(),
    signIn: null,
    world: new RecordingWorld(),
    keyRing: parseKeyRing(replicas[0].at.settings['BREAKGLASS_KEK'] ?? ''),
  };
  const reader = await startReplica(databaseUrl, surroundings, false);
  try {
    return await recordOf(pool, reader, { id: TENANT, team: 'T0ACME0001' });
  } finally {
    await reader.stop();
  }
}

/** Without what is to be done later by its nature. */
const withoutWaiting = (record: TenantRecord, queues: readonly string[]): TenantRecord => ({
  ...record,
  jobs: record.jobs.filter((one) => one.state === 'completed' || !queues.includes(one.queue)),
});

/** Those that the service stored; whether all that were acknowledged are among them is `lost`'s. */
async function pressesOf(
  pool: Pool,
  acknowledged: ReadonlySet<string>,
): Promise<readonly Acknowledged[]> {
  const { rows } = await pool.query<{ key: string; account: string; action: PressAction }>(
    `SELECT key, team || '/' || "user" AS account, action FROM app.press WHERE tenant_id = $1`,
    [TENANT],
  );
  // Of a press whose ack was lost nobody knows whether it happened: if it is stored, it did.
  return rows.map(({ key, account, action }) => ({
    kind: 'acknowledged',
    moment: acknowledged.has(key) ? 1 : 0,
    tenant: TENANT,
    key,
    account,
    action,
  }));
}

const lost = ({ presses }: TenantRecord, keys: ReadonlySet<string>): readonly Violation[] =>
  [...keys]
    .filter((key) => !presses.some((one) => one.key === key))
    .map((key) => ({
      rule: 8,
      tenant: TENANT,
      what: `press ${key} was acknowledged and is not stored`,
    }));

const pagesOf = ({ pages }: World, moment: number): readonly Paged[] =>
  pages.received().map(({ kind, bypass }, place) => ({
    kind: 'paged',
    moment,
    tenant: TENANT,
    page: String(place),
    about: kind === 'resolved' || kind === 'escalated' ? kind : 'asked',
    bypass,
  }));

/** Every fault heals, so nothing has a reason to be given up. */
const deadLetters = ({ jobs }: TenantRecord): readonly Violation[] =>
  jobs
    .filter((one) => one.queue.endsWith('.dead'))
    .map(({ queue, about }) => ({
      rule: 9,
      tenant: TENANT,
      what: `${queue} has a dead letter about ${about}`,
    }));

function counts(
  record: TenantRecord,
  seen: History['observed'],
  acknowledged: number,
  limits: number,
): Record<number, number> {
  const entries = (type: string): number =>
    record.entries.filter((one) => one.event.type === type).length;
  const answers = seen.filter((one): one is Answered => one.kind === 'answered');
  const bypassed = answers.filter((one) => one.decision === 'bypass').length;
  const rounds = Map.groupBy(answers, (one) => one.round);
  return {
    1: entries('request.opened'),
    2: answers.length,
    3: bypassed,
    4: entries('approval.given') + entries('bypass.activated'),
    5: bypassed + entries('deploy.annotated'),
    6: answers.filter((one) => one.database === 'gone').length,
    7: record.entries.length + record.checkpoints.length,
    8: acknowledged + record.presses.length,
    9: record.surfaces.length + record.notes.length + record.jobs.length,
    10: limits,
    11: entries('bypass.activated'),
    12: 0,
    13: [...rounds.values()].filter((one) => one.length > 1).length,
    14: new Set(record.bypasses.map((one) => one.chain)).size,
  };
}
