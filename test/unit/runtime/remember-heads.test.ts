import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { LogHeld, type LogHoldStore, type SeenHead } from '#application/ports/log-hold';
import type { SealedBatch, TenantStore, TenantWrites } from '#application/ports/tenant-store';
import { tenantId } from '#domain/ids';
import { rememberHeads } from '#runtime/remember-heads';

const TENANT = tenantId('7d2f0a54-2c51-4f7c-9d0d-1f0f5f1f2c11');

/** A log of which only the size is looked at, and whose database can be put back. */
class SmallLog implements Pick<LogHoldStore, 'compare'> {
  size = 0;
  restores = 0;
  readonly compared: SeenHead[] = [];

  store: TenantStore = {
    read: () => Promise.reject(new Error('nothing is read')),
    locked: async (_tenant, work) => {
      const log = { frontier: { size: this.size, peaks: [] }, restores: this.restores };
      let after = this.size;
      const append = async ({ frontier }: SealedBatch) => void (after = frontier.size);
      const sight = async () => ({ open: [] });
      const done = await work({ log, append, sight } as unknown as TenantWrites);
      this.size = after;
      return done;
    },
  };

  compare: LogHoldStore['compare'] = async (_tenant, seen) => {
    this.compared.push(seen);
    const outcome = seen.restores < this.restores ? 'acknowledged' : 'held';
    return { outcome: seen.size <= this.size ? 'had' : outcome, size: this.size };
  };
}

const batch = (size: number) =>
  ({
    frontier: { size, peaks: [] },
    root: new Uint8Array(32),
    checkpoint: `head ${size}`,
  }) as unknown as SealedBatch;

async function remembered() {
  const folder = await mkdtemp(join(tmpdir(), 'breakglass-heads-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const log = new SmallLog();
  const holds: LogHoldStore = { compare: log.compare, acknowledged: () => Promise.reject() };
  const raised: unknown[] = [];
  const raise = async (_: unknown, { about }: { about: unknown }) => raised.push(about) > 0;
  const open = () => rememberHeads(folder, log.store, { holds, alarms: { raise } });
  return { folder, log, raised, open };
}

test('what was committed is compared after a restart, and a log that is shorter is an alarm', async () => {
  const { folder, log, raised, open } = await remembered();
  const before = await open();
  await before.store.locked(TENANT, (tx) => tx.append(batch(5)));
  await before.flush();
  expect(await readdir(folder)).toEqual([`${TENANT}.json`]);
  await (await open()).compareAll();
  expect(raised).toEqual([]);
  log.size = 3;
  await (await open()).compareAll();
  expect(log.compared.at(-1)).toMatchObject({ size: 5, note: 'head 5', restores: 0 });
  expect(raised).toEqual([{ seen: 5, size: 3 }]);
});

test('a log that is set back while the service runs is held before anything is let through', async () => {
  const { log, raised, open } = await remembered();
  const heads = await open();
  await heads.store.locked(TENANT, (tx) => tx.append(batch(5)));
  log.size = 3;
  for (const act of [
    (tx: TenantWrites) => tx.append(batch(4)),
    (tx: TenantWrites) => tx.sight(['image-policy']),
  ]) {
    const acted = heads.store.locked(TENANT, async (tx) => void (await act(tx)));
    await expect(acted).rejects.toThrow(LogHeld);
  }
  expect(log.size).toBe(3);
  expect(raised).toEqual([
    { seen: 5, size: 3 },
    { seen: 5, size: 3 },
  ]);
});

test('once it is acknowledged the log goes on, and what was seen before is forgotten', async () => {
  const { log, raised, open } = await remembered();
  const heads = await open();
  await heads.store.locked(TENANT, (tx) => tx.append(batch(5)));
  log.size = 3;
  log.restores = 1;
  await heads.compareAll();
  await heads.compareAll();
  expect(log.compared).toHaveLength(1);
  await heads.store.locked(TENANT, (tx) => tx.append(batch(4)));
  // The count of acknowledged restores went back with the log: that is a restore of its own.
  log.restores = 0;
  const asked = heads.store.locked(TENANT, async (tx) => void (await tx.sight(['image-policy'])));
  await expect(asked).rejects.toThrow(LogHeld);
  expect(raised).toEqual([]);
});

test('a file that is none of ours keeps the service from starting', async () => {
  const { folder, open } = await remembered();
  await writeFile(join(folder, `${TENANT}.json`), '{"size":"5"}');
  await expect(open()).rejects.toThrow();
});
