import { expect, test } from 'vitest';
import { databaseFindings } from '#cli/doctor/database';
import { jobFindings } from '#cli/doctor/jobs';
import { slackFindings } from '#cli/doctor/slack';
import type { Finding } from '#cli/doctor/finding';
import type { DatabaseReport } from '#postgres/inspect/inspect-database';
import { NEEDED_SCOPES, SCOPES } from '#slack/installs/scopes';
import type { SlackReport } from '#slack/inspect-slack';

const SOUND: DatabaseReport = {
  version: '18.4',
  isTooOld: false,
  isStandby: false,
  notDurable: [],
  maxConnections: 100,
  clockAheadMs: 20,
  roundTripMs: 1,
  migrations: { missing: [], unknown: [], changed: [] },
  missingRoles: [],
  rolesBeyondRls: [],
  unforcedTables: [],
  changesToLog: [],
};

const told = (findings: readonly Finding[]) =>
  findings.filter(({ verdict }) => verdict !== 'ok').map((one) => `${one.check}: ${one.verdict}`);

test('nothing is wrong with a sound database', () => {
  expect(told(databaseFindings(SOUND))).toEqual([]);
});

test.for<[Partial<DatabaseReport>, string]>([
  [{ isTooOld: true }, 'database: failed'],
  [{ isStandby: true }, 'database: failed'],
  [{ notDurable: ['fsync'] }, 'durability: failed'],
  [{ maxConnections: 30 }, 'connections: warning'],
  [{ clockAheadMs: -11_000 }, 'clock: warning'],
  [{ clockAheadMs: 600_000 }, 'clock: failed'],
  [{ migrations: { ...SOUND.migrations, missing: ['0007_x.sql'] } }, 'schema: warning'],
  [{ migrations: { ...SOUND.migrations, unknown: ['0099_x.sql'] } }, 'schema: warning'],
  [{ migrations: { ...SOUND.migrations, changed: ['0001_x.sql'] } }, 'schema: failed'],
  [{ missingRoles: ['breakglass_jobs'] }, 'roles: failed'],
  [{ rolesBeyondRls: ['breakglass_app'] }, 'isolation: failed'],
  [{ unforcedTables: ['bypass'] }, 'isolation: failed'],
  [{ changesToLog: ['log_entry: DELETE'] }, 'log tables: failed'],
])('%j is told as %s, with what to do', ([fault, expected]) => {
  const findings = databaseFindings({ ...SOUND, ...fault });
  expect(told(findings)).toEqual([expected]);
  expect(findings.find(({ verdict }) => verdict !== 'ok')?.remedy).toMatch(/\S/);
});

const TEAM = 'T0ACME0001';
const GOOD: SlackReport = { bot: { team: TEAM, scopes: SCOPES }, app: 'ok', channels: {} };
const REFUSED = { kind: 'refused', error: 'channel_not_found' } as const;

test.for<[Partial<SlackReport>, readonly string[]]>([
  [{}, []],
  [{ bot: { team: 'T0OTHER0001', scopes: SCOPES } }, ['Slack: failed']],
  [{ bot: { team: TEAM, scopes: NEEDED_SCOPES } }, ['Slack scopes: warning']],
  [{ bot: { team: TEAM, scopes: SCOPES.slice(1) } }, ['Slack scopes: failed']],
  [{ bot: { kind: 'unreached' } }, ['Slack: failed']],
  [{ app: { kind: 'refused', error: 'invalid_auth' } }, ['Slack socket: failed']],
  [{ app: null }, []],
  [{ channels: { C1: 'shared' } }, ['channel C1: failed']],
  [{ channels: { C1: 'unreachable' } }, ['channel C1: failed']],
  [{ channels: { C1: REFUSED } }, ['channel C1: failed']],
  [{ channels: { C1: { ...REFUSED, error: 'missing_scope' } } }, ['channel C1: skipped']],
])('of Slack, %j is told as %j', ([fault, expected]) => {
  expect(told(slackFindings({ ...GOOD, ...fault }, TEAM))).toEqual(expected);
});

test('jobs that nobody takes are told, and those that were given up', () => {
  const queue = { queue: 'surface', due: 0, later: 3, active: 1, dead: 0, oldestDueMs: 0 };
  expect(told(jobFindings([queue]))).toEqual([]);
  expect(told(jobFindings([{ ...queue, due: 1, oldestDueMs: 61_000 }]))).toEqual(['jobs: warning']);
  expect(told(jobFindings([{ ...queue, dead: 1 }]))).toEqual(['jobs: failed']);
});
