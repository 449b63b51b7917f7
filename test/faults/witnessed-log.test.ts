import { createPublicKey, verify } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { wantDueCheckpoints } from '#application/checkpoints/want-checkpoints';
import { HOUR_MS } from '#domain/instant';
import { witnessKeyFromVkey } from '#ledger/cosignature';
import type { VerifyEd25519 } from '#ledger/note-key';
import { createWitness } from '#notify/witness/witness-client';
import { alarmWords } from '#slack/words/alarms';
import { testInstallation } from '#test/support/application/installation';
import { PEOPLE, type PolicyChoices } from '#test/support/application/policy-document';
import { joinTenant } from '#test/support/application/test-tenant';
import { WitnessServer } from '#test/support/witness/witness-server';

/*
 * A database that is put back to an earlier day, behind the back of a witness. What is restored is
 * sound in itself, and everything in it is signed: only who has seen more can tell.
 */
const installation = await testInstallation();
const { world, database, replicas } = installation;
const [{ ports, stores }] = replicas;

const verifyEd25519: VerifyEd25519 = (key, message, signature) => {
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), key]);
  return verify(
    null,
    message,
    createPublicKey({ key: spki, format: 'der', type: 'spki' }),
    signature,
  );
};

const server = await WitnessServer.start();
afterAll(() => server.close());

const release = [
  PEOPLE.release1,
  PEOPLE.release2,
  PEOPLE.release3,
  PEOPLE.senior,
  PEOPLE.owner,
] as const;

/** Policies that all differ, so that each is an entry: those of the true log, and of the other. */
const TRUE: readonly PolicyChoices[] = [1, 3, 4, 5].map((require) => ({ require, release }));
const OTHER: readonly PolicyChoices[] = [1, 2, 3, 4, 5].map((require) => ({
  require,
  release,
  attestation: 'required',
}));

const tables = ['destination', 'tenant', 'policy'] as const;
const logTables = [
  ['cosignature', 'size >'],
  ['log_checkpoint', 'size >'],
  ['log_opening', 'index >='],
  ['log_entry', 'index >='],
] as const;

test('a witness that is shown a log which was rolled back, and then another one, refuses, and the alarm says so', async () => {
  const key = witnessKeyFromVkey(server.vkey, verifyEd25519);
  if (!key.ok) throw new Error(key.code);
  const witness = createWitness({ key: key.value, url: server.url, allowPrivate: true });
  world.witnesses.push(witness);
  // Not one of the installation's own: this log is not sound in the end, and that is the point.
  const tenant = await joinTenant(installation);
  server.know((await ports.keys.keysOf(tenant.id)).logKey);
  const outbound = { mailer: null, witnesses: [witness], everyMs: HOUR_MS };
  const look = async (): Promise<void> => {
    await installation.advance(HOUR_MS);
    await wantDueCheckpoints({ ...stores, outbound }, tenant.id);
    await tenant.settled();
  };
  const change = (choices: PolicyChoices) => tenant.applyPolicy(choices);
  const sizeNow = async () => (await stores.proofs.newest(tenant.id))?.size ?? 0;
  const alarms = () =>
    world.announced.flatMap(({ said }) => (said.kind === 'alarm' ? [said.alarm] : []));
  const seen = () => server.sizeOf(`test.example/${tenant.name}`);

  await look();
  const backup = await saved(tenant.id);
  const size = await sizeNow();
  expect(seen()).toBe(size);

  for (const choices of TRUE) await change(choices);
  await look();
  const most = await sizeNow();
  expect(most).toBeGreaterThan(size + 2);
  expect(seen()).toBe(most);
  expect(alarms()).toEqual([]);

  await restored(tenant.id, size, backup);
  const [first = {}, ...others] = OTHER;
  await change(first);
  await look();
  expect(await sizeNow()).toBeLessThan(most);
  expect(alarms().map(({ code }) => code)).toEqual(['witness-ahead']);
  expect(alarmWords(alarms()[0] ?? never())).toMatch(/has seen \d+ entries.*rolled back/);
  expect(seen()).toBe(most);
  // Nobody outside vouches for what came after the restore.
  expect(await stores.cosignatures.cosignedSince(tenant.id, size + 1)).toBeNull();

  // The log grows past what the witness saw, with other entries: two logs under one name.
  for (const choices of others) await change(choices);
  expect(await sizeNow()).toBeGreaterThan(most);
  await look();
  const told = alarms();
  expect(told.map(({ code, clearedAt }) => [code, clearedAt === null])).toEqual([
    ['witness-ahead', true],
    ['witness-ahead', false],
    ['witness-inconsistent', true],
  ]);
  expect(alarmWords(told.at(-1) ?? never())).toContain('changed or removed');
  expect(seen()).toBe(most);
  expect(await stores.cosignatures.cosignedSince(tenant.id, size + 1)).toBeNull();

  world.witnesses.length = 0;
  await witness.close();
});

type Backup = Readonly<Record<string, unknown>>;

async function saved(tenant: string): Promise<Backup> {
  const backup: Record<string, unknown> = {};
  for (const table of tables) {
    const { rows } = await database.pool.query<{ rows: unknown }>(
      `SELECT coalesce(jsonb_agg(t), '[]') AS rows FROM app.${table} t WHERE tenant_id = $1`,
      [tenant],
    );
    backup[table] = rows[0]?.rows;
  }
  const { rows } = await database.pool.query<{ peaks: Buffer[] }>(
    'SELECT peaks FROM app.log_head WHERE tenant_id = $1',
    [tenant],
  );
  return { ...backup, peaks: rows[0]?.peaks };
}

/** The tenant's rows as they were at `size`, as a restored backup has them. */
async function restored(tenant: string, size: number, backup: Backup): Promise<void> {
  const run = (sql: string, ...values: unknown[]) => database.pool.query(sql, [tenant, ...values]);
  for (const [table, beyond] of logTables)
    await run(`DELETE FROM app.${table} WHERE tenant_id = $1 AND ${beyond} $2`, size);
  await run(
    'DELETE FROM app.log_node WHERE tenant_id = $1 AND (index + 1) * (2 ^ level) > $2',
    size,
  );
  await run(
    'UPDATE app.log_head SET size = $2, peaks = $3 WHERE tenant_id = $1',
    size,
    backup['peaks'],
  );
  await run('DELETE FROM app.destination WHERE tenant_id = $1');
  await database.pool.query(
    `INSERT INTO app.destination SELECT * FROM jsonb_populate_recordset(NULL::app.destination, $1::jsonb)`,
    [JSON.stringify(backup['destination'])],
  );
  await run(
    `UPDATE app.tenant SET policy_digest = (
       SELECT policy_digest FROM jsonb_populate_recordset(NULL::app.tenant, $2::jsonb))
     WHERE tenant_id = $1`,
    JSON.stringify(backup['tenant']),
  );
  await run(
    `DELETE FROM app.policy WHERE tenant_id = $1 AND digest NOT IN (
       SELECT digest FROM jsonb_populate_recordset(NULL::app.policy, $2::jsonb))`,
    JSON.stringify(backup['policy']),
  );
}

function never(): never {
  throw new Error('no alarm was told');
}
