import type { TenantKeys } from '#application/ports/tenant-keys';
import { canonicalDigest } from '#ledger/canonical-digest';
import { formatCheckpoint } from '#ledger/checkpoint';
import { appendLeaves, EMPTY_FRONTIER, rootOfFrontier } from '#ledger/compact-range';
import { digestOf } from '#ledger/digest';
import { leafBytes } from '#ledger/leaf';
import { leafHash } from '#ledger/merkle';
import { signNote } from '#ledger/note-verify';
import { leafOf, readLines } from './exported.ts';

/**
 * The lines with a new checkpoint over exactly their entries, signed with the log's own key: what
 * whoever runs the service can always do to a copy, and what a checkpoint saved elsewhere tells.
 */
export function reseal(
  lines: readonly string[],
  origin: string,
  { logSigner }: Pick<TenantKeys, 'logSigner'>,
): readonly string[] {
  const leaves = readLines(lines).flatMap(({ entry }) => {
    if (entry === null) return [];
    const { statement, envelope } = leafOf(entry);
    const signed = canonicalDigest(envelope);
    return signed === undefined ? [] : [leafHash(leafBytes(digestOf(statement), signed))];
  });
  const { frontier } = appendLeaves(EMPTY_FRONTIER, leaves);
  const root = rootOfFrontier(frontier);
  const text = formatCheckpoint({ origin, size: frontier.size, root, extensions: [] });
  const checkpoint = JSON.stringify({ checkpoint: signNote(text, logSigner) });
  return [...lines.filter((line) => !('checkpoint' in (JSON.parse(line) as object))), checkpoint];
}
