import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { LogHeld, type SeenHead } from '#application/ports/log-hold';
import type { LockedHead, SealedBatch, TenantStore } from '#application/ports/tenant-store';
import { compareLog, type ComparePorts } from '#application/restore/compare-log';
import { tenantId, type TenantId } from '#domain/ids';

/** The heads of logs that this replica made, kept where a restore of the database does not reach. */
export interface RememberedHeads {
  /** The store whose commits are remembered, and refused behind a head that is gone. */
  readonly store: TenantStore;
  /** Holds every log against what is remembered of it. */
  compareAll(): Promise<void>;
  /** Writes what is not written yet. */
  flush(): Promise<void>;
}

const remembered = z.strictObject({
  size: z.int().positive(),
  root: z.base64(),
  note: z.string(),
  restores: z.int().nonnegative(),
});

const SUFFIX = '.json';

/**
 * Keeps the newest head of each tenant's log in `folder`, a file each. What was committed since the
 * last `flush` is lost with the process, and only makes a restore to just then go unseen.
 *
 * @throws where the folder or a file in it cannot be read or is none of ours: to go on without would
 *   look as if nothing had been seen.
 */
export async function rememberHeads(
  folder: string,
  store: TenantStore,
  ports: ComparePorts,
): Promise<RememberedHeads> {
  await mkdir(folder, { recursive: true });
  const heads = await readHeads(folder);
  const unwritten = new Set<TenantId>();

  // Of two commits the later may be heard of first.
  const remember = (tenant: TenantId, head: SeenHead): void => {
    const known = heads.get(tenant);
    if (known !== undefined && known.restores === head.restores && known.size > head.size) return;
    heads.set(tenant, head);
    unwritten.add(tenant);
  };
  const compare = async (tenant: TenantId, seen: SeenHead): Promise<void> => {
    const { outcome } = await compareLog(ports, tenant, seen);
    if (outcome === 'acknowledged' && heads.get(tenant) === seen) heads.delete(tenant);
  };
  return {
    store: {
      read: (tenant, work) => store.read(tenant, work),
      async locked(tenant, work) {
        const seen = heads.get(tenant);
        const made: SeenHead[] = [];
        try {
          return await store.locked(tenant, (tx) => {
            const expectWhole = (): void => {
              if (seen !== undefined && isBehind(tx.log, seen))
                throw new LogHeld('the log is shorter than this replica left it');
            };
            return work({
              ...tx,
              // A deploy may be let through that needs no entry any more.
              async sight(gates) {
                expectWhole();
                return tx.sight(gates);
              },
              async append(batch) {
                expectWhole();
                await tx.append(batch);
                made.push(headOf(batch, tx.log));
              },
            });
          });
        } catch (error) {
          made.length = 0;
          if (error instanceof LogHeld && seen !== undefined) await compare(tenant, seen);
          throw error;
        } finally {
          for (const head of made) remember(tenant, head);
        }
      },
    },
    async compareAll() {
      for (const [tenant, seen] of heads) await compare(tenant, seen);
    },
    async flush() {
      for (const tenant of unwritten) {
        unwritten.delete(tenant);
        const head = heads.get(tenant);
        if (head !== undefined) await writeHead(folder, tenant, head);
      }
    },
  };
}

/** Of fewer acknowledged restores, or of as many and shorter: what was behind it is gone. */
const isBehind = ({ frontier, restores }: LockedHead, seen: SeenHead): boolean =>
  restores < seen.restores || (restores === seen.restores && frontier.size < seen.size);

const headOf = ({ frontier, root, checkpoint: note }: SealedBatch, log: LockedHead): SeenHead => ({
  size: frontier.size,
  root: Buffer.from(root).toString('base64'),
  note,
  restores: log.restores,
});

async function readHeads(folder: string): Promise<Map<TenantId, SeenHead>> {
  const heads = new Map<TenantId, SeenHead>();
  for (const name of await readdir(folder)) {
    if (!name.endsWith(SUFFIX)) continue;
    const text = await readFile(join(folder, name), 'utf8');
    heads.set(tenantId(name.slice(0, -SUFFIX.length)), remembered.parse(JSON.parse(text)));
  }
  return heads;
}

/** Whole or not at all: a file that is half written would keep the next start from reading it. */
async function writeHead(folder: string, tenant: TenantId, head: SeenHead): Promise<void> {
  const file = join(folder, tenant + SUFFIX);
  // Replicas may share the folder.
  const unfinished = `${file}.${process.pid}.new`;
  await writeFile(unfinished, JSON.stringify(head));
  await rename(unfinished, file);
}
