import type { TenantId } from '#domain/ids';
import { base64 } from '#ledger/digest';
import { withCosignatures } from '#ledger/cosignature';
import { formatTlogProof } from '#ledger/tlog-proof';
import type { LogProofs, StoredCheckpoint } from '../ports/log-proofs.ts';

/** The newest checkpoint, with what witnesses signed under it; `null` for a log without entries. */
export async function newestCheckpoint(
  proofs: LogProofs,
  tenant: TenantId,
  { cosigned }: { readonly cosigned: boolean },
): Promise<{ readonly size: number; readonly note: string } | null> {
  const found = cosigned ? await proofs.newestCosigned(tenant, 1) : await proofs.newest(tenant);
  return found === null ? null : { size: found.size, note: noteOf(found) };
}

export type ProofAnswer =
  | { readonly ok: true; readonly proof: readonly string[] }
  | { readonly ok: false; readonly code: 'no-such-entry' | 'no-such-size' };

/** The inclusion proof of an entry in the tree of this size (RFC 6962 §2.1.1), base64. */
export async function inclusionProof(
  proofs: LogProofs,
  tenant: TenantId,
  { index, size }: { readonly index: number; readonly size: number },
): Promise<ProofAnswer> {
  const whole = (await proofs.newest(tenant))?.size ?? 0;
  if (size > whole) return { ok: false, code: 'no-such-size' };
  if (index >= size) return { ok: false, code: 'no-such-entry' };
  return { ok: true, proof: (await proofs.inclusion(tenant, index, size)).map(base64) };
}

/** The proof that the log only grew between two sizes (RFC 6962 §2.1.2), base64. */
export async function consistencyProof(
  proofs: LogProofs,
  tenant: TenantId,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<ProofAnswer> {
  const whole = (await proofs.newest(tenant))?.size ?? 0;
  if (from > to || to > whole) return { ok: false, code: 'no-such-size' };
  return { ok: true, proof: (await proofs.consistency(tenant, from, to)).map(base64) };
}

/**
 * A proof of one entry for use offline (C2SP tlog-proof), under the newest checkpoint that a witness
 * cosigned, else the newest of all. The leaf stands in `extra`: it is not authenticated there, and
 * need not be, since the proof is of its hash. `null` where there is no such entry.
 */
export async function entryProof(
  proofs: LogProofs,
  tenant: TenantId,
  index: number,
): Promise<string | null> {
  const leaf = await proofs.leaf(tenant, index);
  if (leaf === null) return null;
  const checkpoint =
    (await proofs.newestCosigned(tenant, index + 1)) ?? (await proofs.newest(tenant));
  if (checkpoint === null || checkpoint.size <= index) return null;
  const proof = await proofs.inclusion(tenant, index, checkpoint.size);
  return formatTlogProof({ index, proof, checkpoint: noteOf(checkpoint), extra: leaf.leaf });
}

const noteOf = ({ note, cosignatures }: StoredCheckpoint): string =>
  withCosignatures(note, cosignatures);
