import type { TenantId } from '#domain/ids';
import type { Instant } from '#domain/instant';
import type { PolicyContent } from '#domain/policy/policy';
import { parseBase64 } from '#ledger/digest';
import { exportLines } from '#ledger/export/write-export';
import type { LogReader } from '../ports/log-reader.ts';
import type { KeyStore } from '../ports/tenant-keys.ts';

/** The lines of a tenant's export as of now (docs/evidence.md has the format). */
export async function* exportLog(
  ports: { readonly logs: LogReader; readonly keys: KeyStore },
  tenant: TenantId,
  exportedAt: Instant,
): AsyncGenerator<string> {
  const snapshot = await ports.logs.snapshot(tenant);
  const { serviceKeyId: keyId, serviceKeySpki, logKey } = await ports.keys.keysOf(tenant);
  const spki = parseBase64(serviceKeySpki) ?? new Uint8Array();
  yield* exportLines({
    header: {
      tenant,
      log: snapshot.origin,
      logKeys: [logKey],
      serviceKeys: [{ keyId, spki }],
      exportedAt,
    },
    policies: snapshot.policies.map(({ digest, content }) => ({
      digest,
      content: content as unknown as PolicyContent,
    })),
    entries: snapshot.entries(),
    checkpoint: snapshot.checkpoint,
  });
}
