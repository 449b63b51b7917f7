import { canonicalText, type JsonValue } from '#ledger/canonical-json';
import { formatCheckpoint } from '#ledger/checkpoint';
import { appendLeaves, rootOfFrontier } from '#ledger/compact-range';
import { base64, digestOf } from '#ledger/digest';
import { IN_TOTO_PAYLOAD_TYPE } from '#ledger/dsse';
import { leafBytes } from '#ledger/leaf';
import { leafHash } from '#ledger/merkle';
import { signNote } from '#ledger/note-verify';
import type { Composed } from '#ledger/statement';
import type { BypassId, ChainId } from '#domain/ids';
import type { TenantKeys } from '../ports/tenant-keys.ts';
import type { LockedHead, SealedBatch, SealedEntry } from '../ports/tenant-store.ts';

/** A statement on its way into the log; without an envelope the service signs it. */
export interface Draft {
  readonly type: string;
  readonly chain: ChainId | null;
  readonly bypass: BypassId | null;
  readonly composed: Composed;
  readonly envelope: JsonValue | null;
}

/**
 * Signs what is not signed yet, appends all to the tree, and signs the checkpoint over it. A
 * successor, whose rotation is the one draft, signs beside the key that it replaces: so either key,
 * pinned, vouches for the other.
 */
export function seal(
  drafts: readonly Draft[],
  log: Pick<LockedHead, 'origin' | 'frontier'>,
  keys: TenantKeys,
  successor: TenantKeys = keys,
): SealedBatch {
  if (successor !== keys && drafts.length !== 1)
    throw new RangeError('the rotation of a key is the only entry of its commit');
  const entries = drafts.map((draft) => sealEntry(draft, keys, successor));
  const leaves = entries.map(({ digest, envelope }) =>
    leafHash(leafBytes(digest, digestOf(envelope))),
  );
  const { frontier, nodes } = appendLeaves(log.frontier, leaves);
  const root = rootOfFrontier(frontier);
  const text = formatCheckpoint({ origin: log.origin, size: frontier.size, root, extensions: [] });
  const isNewLogKey = successor.versions.log !== keys.versions.log;
  const checkpoint = isNewLogKey
    ? signNote(text, keys.logSigner, successor.logSigner)
    : signNote(text, keys.logSigner);
  const versions = { keys: keys.versions, nextKeys: successor.versions };
  return { entries, frontier, nodes, root, checkpoint, ...versions };
}

function sealEntry(
  { type, chain, bypass, composed, envelope }: Draft,
  keys: TenantKeys,
  successor: TenantKeys,
): SealedEntry {
  return {
    type,
    chain,
    bypass,
    statement: composed.bytes,
    digest: composed.digest,
    envelope: canonicalText(envelope ?? signedBy(composed.bytes, keys, successor)),
    openings: composed.openings,
  };
}

function signedBy(statement: Uint8Array, keys: TenantKeys, successor: TenantKeys): JsonValue {
  if (successor.versions.service === keys.versions.service) return keys.signStatement(statement);
  const signatures = [keys, successor].map((one) => ({ ...one.signatureOf(statement) }));
  return { payloadType: IN_TOTO_PAYLOAD_TYPE, payload: base64(statement), signatures };
}
