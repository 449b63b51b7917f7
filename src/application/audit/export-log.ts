import type { TenantId } from '#domain/ids';
import type { Instant } from '#domain/instant';
import type { PolicyContent } from '#domain/policy/policy';
import { parseBase64 } from '#ledger/digest';
import { exportLines } from '#ledger/export/write-export';
import type { ExportedEntry, LogReader } from '../ports/log-reader.ts';
import type { Seals } from '../ports/seals.ts';
import type { KeyStore } from '../ports/tenant-keys.ts';
import { SEALED_FOR } from '../sign-in/secret-text.ts';

interface ExportPorts {
  readonly logs: LogReader;
  readonly keys: Pick<KeyStore, 'publicKeysOf'>;
  readonly seals: Seals;
}

/** The lines of a tenant's export as of now (docs/evidence.md has the format). */
export async function* exportLog(
  ports: ExportPorts,
  tenant: TenantId,
  exportedAt: Instant,
): AsyncGenerator<string> {
  const snapshot = await ports.logs.snapshot(tenant);
  // Read behind the log: a key that is named in it is there, and one more does no harm.
  const keys = await ports.keys.publicKeysOf(tenant);
  yield* exportLines({
    header: { tenant, log: snapshot.origin, ...keys, exportedAt },
    policies: snapshot.policies.map(({ digest, content }) => ({
      digest,
      content: content as unknown as PolicyContent,
    })),
    entries: opened(ports.seals, tenant, snapshot.entries()),
    checkpoints: snapshot.checkpoints,
    checkpoint: snapshot.checkpoint,
  });
}

/** ID tokens are kept sealed; here alone, for an auditor, they stand beside their entry as all else does. */
async function* opened(
  seals: Seals,
  tenant: TenantId,
  entries: AsyncIterable<ExportedEntry>,
): AsyncGenerator<ExportedEntry> {
  for await (const entry of entries) {
    const sealed = entry.openings['idToken'];
    if (typeof sealed?.value !== 'string') {
      yield entry;
      continue;
    }
    const seal = await seals.of(tenant);
    const bytes = parseBase64(sealed.value) ?? new Uint8Array();
    const value = Buffer.from(seal.open(SEALED_FOR.idToken, bytes)).toString('utf8');
    yield { ...entry, openings: { ...entry.openings, idToken: { ...sealed, value } } };
  }
}
