import { setTimeout as sleep } from 'node:timers/promises';
import type { CosignatureStore } from '#application/ports/log-proofs';
import type { DestinationStore } from '#application/ports/outbound';
import type { Cosigned } from '#application/ports/sign-in';

/** A person looks at a page meanwhile; whoever waits longer is told to try again. */
const WAIT_MS = 8_000;
const LOOK_EVERY_MS = 250;

interface WitnessedStores {
  readonly cosignatures: Pick<CosignatureStore, 'cosignedSince'>;
  readonly destinations: Pick<DestinationStore, 'want'>;
}

/**
 * Has the witnesses see the log up to a place, and waits a little until one of them has.
 *
 * @param vkeys of the witnesses as they are set. `null` for none.
 */
export function witnessedKeys(
  { cosignatures, destinations }: WitnessedStores,
  vkeys: readonly string[],
): Cosigned | null {
  if (vkeys.length === 0) return null;
  return {
    async cosignedAt(tenant, size) {
      const seenAt = async () =>
        (await cosignatures.cosignedSince(tenant, size))?.cosignedAt ?? null;
      const known = await seenAt();
      if (known !== null) return known;
      for (const name of vkeys) await destinations.want(tenant, { kind: 'witness', name });
      for (let waitedMs = 0; waitedMs < WAIT_MS; waitedMs += LOOK_EVERY_MS) {
        await sleep(LOOK_EVERY_MS);
        const found = await seenAt();
        if (found !== null) return found;
      }
      return null;
    },
  };
}
