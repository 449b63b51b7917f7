import { SERVICE } from '#domain/actor';
import type { OtherBypass } from '#domain/bypass/context';
import type { TenantId } from '#domain/ids';
import { parseCheckpoint } from '#ledger/checkpoint';
import { base64 } from '#ledger/digest';
import { parseNote } from '#ledger/signed-note';
import { commitSession } from '../commit/commit-session.ts';
import type { AlarmStore } from '../ports/alarm.ts';
import type { Ports } from '../ports/ports.ts';
import { ROLLED_BACK } from './compare-log.ts';

export interface AcknowledgePorts extends Pick<Ports, 'store' | 'keys' | 'newSalt'> {
  readonly alarms: Pick<AlarmStore, 'clear'>;
}

export type Acknowledgement =
  | {
      readonly outcome: 'acknowledged';
      /** How many entries the log had once. */
      readonly lostSize: number;
      /** How many it goes on from: the index of the entry that says so. */
      readonly size: number;
    }
  | { readonly outcome: 'not-held' }
  /** By what was restored these are open; whether somebody ended them since is lost. */
  | { readonly outcome: 'still-open'; readonly open: readonly OtherBypass[] };

/**
 * Lets a log that was rolled back go on, by an entry that names the head that is lost and says why.
 * A bypass that was ended after the backup was made would be open again: where there are any that may
 * have been, nothing is done unless `keepOpen` says that they may.
 *
 * The alarm ends after the commit. Where we crash between them it stands until this is run again.
 */
export async function acknowledgeRestore(
  ports: AcknowledgePorts,
  tenant: TenantId,
  said: Said,
): Promise<Acknowledgement> {
  const done = await goOn(ports, tenant, said);
  if (done.outcome !== 'still-open') await ports.alarms.clear(tenant, ROLLED_BACK);
  return done;
}

interface Said {
  readonly reason: string;
  readonly keepOpen: boolean;
}

function goOn(
  ports: AcknowledgePorts,
  tenant: TenantId,
  { reason, keepOpen }: Said,
): Promise<Acknowledgement> {
  return ports.store.locked(tenant, async (tx) => {
    const { held, frontier } = tx.log;
    if (held === null) return { outcome: 'not-held' };
    const at = await tx.now();
    const active = await tx.otherActive(null);
    const open = active.filter(({ drill, expiresAt }) => !drill && expiresAt > at);
    if (open.length > 0 && !keepOpen) return { outcome: 'still-open', open };
    const lost = lostHead(held);
    await tx.acknowledgeRestore();
    const session = commitSession(tenant, tx, ports.keys, ports.newSalt);
    session.record({
      type: 'log.restored',
      at,
      actor: SERVICE,
      lostSize: lost.size,
      lostRoot: base64(lost.root),
      detached: { reason },
    });
    await session.finish();
    return { outcome: 'acknowledged', lostSize: lost.size, size: frontier.size };
  });
}

/** A hold is made of a checkpoint and of nothing else. */
function lostHead(note: string) {
  const read = parseNote(note);
  const parsed = read.ok ? parseCheckpoint(read.value.text) : null;
  if (parsed?.ok !== true) throw new TypeError('a hold names a checkpoint');
  return parsed.value;
}
