import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { commitSession } from '#application/commit/commit-session';
import { exportLog } from '#application/audit/export-log';
import { rotateKey } from '#application/tenant/rotate-key';
import { SERVICE } from '#domain/actor';
import type { TenantId } from '#domain/ids';
import { canonicalText } from '#ledger/canonical-json';
import { parseNote } from '#ledger/signed-note';
import { testInstallation } from '#test/support/application/installation';

const installation = await testInstallation();
const { pool } = installation.database;
const [{ ports, stores }] = installation.replicas;

const { publicKey: made } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const publicKey = canonicalText({ ...made.export({ format: 'jwk' }), kid: 'k' });

/** An entry that names the keys of an identity provider; gives how many entries there are then. */
async function recordKeys(tenant: TenantId): Promise<number> {
  return ports.store.locked(tenant, async (tx) => {
    const session = commitSession(tenant, tx, ports.keys, ports.newSalt);
    const at = await tx.now();
    const issuer = `https://login.example/${tx.log.frontier.size}`;
    session.record({ type: 'provider.keys', at, actor: SERVICE, issuer, keys: [publicKey] });
    await session.finish();
    return tx.log.frontier.size + 1;
  });
}

const lineOf = (name: string): string =>
  `— ${name} ${Buffer.alloc(76, name.length).toString('base64')}`;

async function cosign(tenant: TenantId, size: number, name: string): Promise<void> {
  await pool.query(
    `INSERT INTO app.cosignature (tenant_id, size, name, key_id, line, cosigned_at)
      VALUES ($1, $2, $3, 1, $4, app.now())`,
    [tenant, size, name, lineOf(name)],
  );
}

/** The checkpoints of an export: after how many entries each stands, and who signed it. */
async function checkpointsOf(tenant: TenantId): Promise<readonly (readonly [number, number])[]> {
  const found: [number, number][] = [];
  let entries = 0;
  for await (const line of exportLog(stores, tenant, 0)) {
    const record = JSON.parse(line) as { entry?: unknown; checkpoint?: string };
    if (record.entry !== undefined) entries += 1;
    if (record.checkpoint === undefined) continue;
    const note = parseNote(record.checkpoint);
    found.push([entries, note.ok ? note.value.signatures.length : 0]);
  }
  return found;
}

test('an export has the checkpoints that an outsider needs between its entries, and no others', async () => {
  const { id } = await installation.tenant();
  const first = await recordKeys(id);
  const rotated = await rotateKey(ports, id, 'log');
  const second = await recordKeys(id);
  await rotateKey(ports, id, 'service');
  const third = await recordKeys(id);
  const last = await recordKeys(id);
  // Without witnesses: the rotation's, and the last.
  expect(await checkpointsOf(id)).toEqual([
    [rotated.size, 2],
    [last, 1],
  ]);
  // The first keys are covered by the rotation's, which two cosigned; the second by that and later.
  await cosign(id, rotated.size, 'witness.one');
  await cosign(id, rotated.size, 'witness.two');
  await cosign(id, second, 'witness.one');
  await cosign(id, second + 1, 'witness.one');
  await cosign(id, third, 'witness.two');
  expect(first).toBeLessThan(rotated.size);
  expect(await checkpointsOf(id)).toEqual([
    [rotated.size, 4],
    [second, 2],
    [third, 2],
    [last, 1],
  ]);
  // The newest is the last line itself.
  await cosign(id, last, 'witness.one');
  expect(await checkpointsOf(id)).toEqual([
    [rotated.size, 4],
    [second, 2],
    [third, 2],
    [last, 2],
  ]);
});
