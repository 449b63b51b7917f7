import type { TenantId } from '#domain/ids';
import type { JsonValue } from '#ledger/canonical-json';
import type { Composed } from '#ledger/statement';
import type { Stages } from '../ports/attester.ts';
import type { SigningStore, SigningSubject, StoredSigning } from '../ports/signing-store.ts';

/** The stages of one signature, kept as they are reached. */
export interface KeptStages extends Stages {
  /** Resolves once everything that was reached is stored. To be awaited before the commit. */
  settled(): Promise<void>;
}

/**
 * Keeps each stage of a signature while the next service is asked: what is stored costs the approval
 * no time of its own. Killed before a stage is stored, the process that comes after begins one stage
 * earlier; what is made twice then is a timestamp or a certificate, and no entry rests on the first.
 *
 * @param begun what an earlier try left; used only if it was for this very statement.
 */
export function keptStages(
  signings: SigningStore,
  tenant: TenantId,
  { kind, about }: SigningSubject,
  { bytes, digest }: Pick<Composed, 'bytes' | 'digest'>,
  facts: unknown,
  begun: StoredSigning | null,
): KeptStages {
  let saved: Promise<void> = Promise.resolve();
  let unsaved: { readonly stage: JsonValue | null } | null = null;
  const save = async (): Promise<void> => {
    if (unsaved === null) return;
    const { stage } = unsaved;
    unsaved = null;
    await signings.save(tenant, { kind, about, facts, statement: bytes, digest, stage });
  };
  return {
    from: begun?.digest === digest ? begun.stage : null,
    reached(stage) {
      unsaved = { stage };
      // One after the other: an earlier stage must not be written over a later one. Where the database
      // is slower than the services, the newest stands for those before it.
      saved = saved.then(save);
      // Whoever awaits `settled` hears of it; meanwhile it is no unhandled rejection.
      saved.catch(() => undefined);
    },
    settled: () => saved,
  };
}
