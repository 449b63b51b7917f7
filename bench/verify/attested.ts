import { bundleFromJSON } from '@sigstore/bundle';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { toSignedEntity, toTrustMaterial, Verifier } from '@sigstore/verify';
import { auditChecks } from '#cli/audit-checks';
import { HOUR_MS } from '#domain/instant';
import type { ExportedEntry } from '#ledger/export/format';
import { membersOf } from '#ledger/shape';
import { sealForReal } from '#test/support/corpus/base';
import { startSigner } from '#test/support/corpus/signer';
import { benchKeys } from '../log/bench-keys.ts';
import { tenantLife } from '../log/life.ts';
import { sealedLines } from '../log/sealed-lines.ts';
import { spentBy } from '../spent.ts';
import { median, type Row } from '../table.ts';
import { fileOf, verifyFile } from './verified.ts';

const ENTRIES = 600;
const ROUNDS = 5;

/**
 * A log whose approvals were attested by a real authority: the verification of all of it, with the
 * entries of the service between them, against @sigstore/verify for its bundles alone.
 */
export async function attestedRow(): Promise<Row> {
  const keys = benchKeys();
  const unsigned = firstOf(tenantLife({ logKey: keys.vkey, serviceKey: keys.keyId }, 'attested'));
  await using signer = await startSigner((unsigned[0]?.event.at ?? 0) - 24 * HOUR_MS);
  const entries = await sealForReal(unsigned, keys, signer);
  const file = await fileOf(sealedLines(entries, keys));
  const checks = auditChecks(signer.trustedRoot);
  const bundles = entries.map((one) => one.envelope).filter(isBundle);
  const alone = sigstoreAlone(bundles, signer.trustedRoot);
  const rounds: { readonly alone: number; readonly whole: number }[] = [];
  for (let round = 0; round <= ROUNDS; round += 1)
    rounds.push({
      alone: (await spentBy(alone)).cpuMs,
      whole: (await spentBy(() => verifyFile(file, { keys, checks }))).cpuMs,
    });
  const kept = rounds.slice(1);
  const each = (ms: number): string => `${(ms / bundles.length).toFixed(2)} ms`;
  return {
    what: 'attested entry, one thread, CPU time',
    measured: each(median(kept.map((one) => one.whole))),
    against: `${each(median(kept.map((one) => one.alone)))} @sigstore/verify`,
    ratio: median(kept.map((one) => one.whole / one.alone)),
    limit: 1.1,
  };
}

function firstOf<Item>(parts: Iterable<readonly Item[]>): readonly Item[] {
  const items: Item[] = [];
  for (const part of parts) {
    items.push(...part);
    if (items.length >= ENTRIES) break;
  }
  return items;
}

type Envelope = ExportedEntry['envelope'];

const isBundle = (envelope: Envelope): boolean => membersOf(envelope)?.['mediaType'] !== undefined;

function sigstoreAlone(bundles: readonly Envelope[], trustedRoot: unknown): () => void {
  const verifier = new Verifier(toTrustMaterial(TrustedRoot.fromJSON(trustedRoot)));
  return () => {
    for (const bundle of bundles) verifier.verify(toSignedEntity(bundleFromJSON(bundle)));
  };
}
