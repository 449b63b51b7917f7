import { canonicalText, type JsonValue } from '#ledger/canonical-json';
import { formatCheckpoint } from '#ledger/checkpoint';
import { appendLeaves, rootOfFrontier, type Frontier } from '#ledger/compact-range';
import { digestOf } from '#ledger/digest';
import { leafBytes } from '#ledger/leaf';
import { leafHash } from '#ledger/merkle';
import { signNote } from '#ledger/note-verify';
import type { Composed } from '#ledger/statement';
import type { BypassId, ChainId } from '#domain/ids';
import type { TenantKeys } from '../ports/tenant-keys.ts';
import type { SealedBatch, SealedEntry } from '../ports/tenant-store.ts';

/** A statement on its way into the log; without an envelope the service signs it. */
export interface Draft {
  readonly type: string;
  readonly chain: ChainId | null;
  readonly bypass: BypassId | null;
  readonly composed: Composed;
  readonly envelope: JsonValue | null;
}

/** Signs what is not signed yet, appends all to the tree, and signs the checkpoint over it. */
export function seal(
  drafts: readonly Draft[],
  log: { readonly origin: string; readonly frontier: Frontier },
  keys: TenantKeys,
): SealedBatch {
  const entries = drafts.map((draft) => sealEntry(draft, keys));
  const leaves = entries.map(({ digest, envelope }) =>
    leafHash(leafBytes(digest, digestOf(envelope))),
  );
  const { frontier, nodes } = appendLeaves(log.frontier, leaves);
  const root = rootOfFrontier(frontier);
  const text = formatCheckpoint({ origin: log.origin, size: frontier.size, root, extensions: [] });
  return { entries, frontier, nodes, root, checkpoint: signNote(text, keys.logSigner) };
}

function sealEntry(
  { type, chain, bypass, composed, envelope }: Draft,
  keys: TenantKeys,
): SealedEntry {
  const signed = envelope ?? keys.signStatement(composed.bytes);
  return {
    type,
    chain,
    bypass,
    statement: composed.bytes,
    digest: composed.digest,
    envelope: canonicalText(signed),
    openings: composed.openings,
  };
}
