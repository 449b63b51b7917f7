import { IN_TOTO_PAYLOAD_TYPE, preAuthEncoding } from '#ledger/dsse';
import { canonicalJson } from '#ledger/canonical-json';
import { formatCheckpoint } from '#ledger/checkpoint';
import { appendLeaves, EMPTY_FRONTIER, rootOfFrontier } from '#ledger/compact-range';
import { base64, digestOf } from '#ledger/digest';
import type { ExportedEntry, ExportHeader } from '#ledger/export/format';
import { exportLines } from '#ledger/export/write-export';
import { leafBytes } from '#ledger/leaf';
import { leafHash } from '#ledger/merkle';
import { ED25519_NOTE, noteKeyId } from '#ledger/note-key';
import { signNote } from '#ledger/note-verify';
import type { TestKeys } from '#test/support/replay/sealed-log';
import { FIRST_POLICY, policyDigest } from '#test/support/replay/tenant-world';
import { ORIGIN, TENANT, type UnsignedEntry } from '#test/support/replay/test-log';
import { tenantLife } from './life.ts';

/** The service's own envelope, as `seal` in the application makes it. */
function sealed({ statement, openings }: UnsignedEntry, index: number, keys: TestKeys) {
  const signature = keys.signService(preAuthEncoding(IN_TOTO_PAYLOAD_TYPE, statement));
  const envelope = {
    payload: base64(statement),
    payloadType: IN_TOTO_PAYLOAD_TYPE,
    signatures: [{ keyid: keys.keyId, sig: base64(signature) }],
  };
  return { index, statement, envelope, openings };
}

/** The first `count` entries of the tenant's life, signed. Made as they are read; none is kept. */
export function* sealedEntries(count: number, keys: TestKeys): Generator<ExportedEntry> {
  let index = 0;
  for (const entries of tenantLife({ logKey: keys.vkey, serviceKey: keys.keyId }))
    for (const entry of entries) {
      if (index === count) return;
      yield sealed(entry, index, keys);
      index += 1;
    }
}

/** The lines of an export of these entries, with the checkpoint that covers them. */
export async function* sealedLines(
  entries: Iterable<ExportedEntry>,
  keys: TestKeys,
): AsyncGenerator<string> {
  const header: ExportHeader = {
    tenant: TENANT,
    log: ORIGIN,
    logKeys: [keys.vkey],
    serviceKeys: [{ keyId: keys.keyId, spki: keys.spki }],
    exportedAt: Date.UTC(2040, 0, 1),
  };
  const policies = [{ digest: policyDigest(FIRST_POLICY), content: FIRST_POLICY }];
  let frontier = EMPTY_FRONTIER;
  function* grown(): Generator<ExportedEntry> {
    for (const entry of entries) {
      const envelope = digestOf(canonicalJson(entry.envelope));
      const leaf = leafHash(leafBytes(digestOf(entry.statement), envelope));
      frontier = appendLeaves(frontier, [leaf]).frontier;
      yield entry;
    }
  }
  const contents = {
    header,
    policies,
    entries: grown(),
    // Asked for once the entries are written.
    get checkpoint(): string {
      const { size } = frontier;
      const root = rootOfFrontier(frontier);
      const text = formatCheckpoint({ origin: ORIGIN, size, root, extensions: [] });
      const keyId = noteKeyId(ORIGIN, ED25519_NOTE, keys.logKey);
      return signNote(text, { name: ORIGIN, keyId, sign: keys.signLog });
    },
  };
  yield* exportLines(contents);
}
