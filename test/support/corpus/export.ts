import type { JsonValue } from '#ledger/canonical-json';
import type {
  ExportedCheckpoint,
  ExportedEntry,
  ExportedPolicy,
  ExportHeader,
} from '#ledger/export/format';
import { exportLines } from '#ledger/export/write-export';
import { POLICIES, policyDigest } from '#test/support/replay/tenant-world';
import { ORIGIN, TENANT } from '#test/support/replay/test-log';
import { checkpointOf, type TestKeys } from '#test/support/replay/sealed-log';

/** An export before it is written down. */
export interface Export {
  readonly header: ExportHeader;
  readonly policies: readonly ExportedPolicy[];
  readonly entries: readonly ExportedEntry[];
  readonly checkpoint: string;
  /** Those between entries. */
  readonly checkpoints?: readonly ExportedCheckpoint[];
}

/** The export that the service would make of these entries. */
export function exportOf(entries: readonly ExportedEntry[], keys: TestKeys): Export {
  const { keyId, spki, vkey } = keys;
  return {
    header: {
      tenant: TENANT,
      log: ORIGIN,
      logKeys: [vkey],
      serviceKeys: [{ keyId, spki }],
      exportedAt: Date.UTC(2027, 0, 1),
    },
    policies: policiesOf(entries),
    entries,
    checkpoint: checkpointOf(entries, keys),
  };
}

/** The versions that the log names. */
function policiesOf(entries: readonly ExportedEntry[]): readonly ExportedPolicy[] {
  const told = entries.map((one) => Buffer.from(one.statement).toString()).join();
  return Object.values(POLICIES)
    .map((content) => ({ digest: policyDigest(content), content }))
    .filter(({ digest }) => told.includes(digest));
}

/** Its lines, as the service writes them. */
export async function writtenLines(of: Export): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of exportLines(of)) lines.push(line);
  return lines;
}

/** The export with one entry changed; what the change leaves out stays. */
export function withEntry(of: Export, index: number, over: Partial<ExportedEntry>): Export {
  const entries = of.entries.map((one, place) => (place === index ? { ...one, ...over } : one));
  return { ...of, entries };
}

export const entryAt = ({ entries }: Pick<Export, 'entries'>, index: number): ExportedEntry => {
  const entry = entries[index];
  if (entry === undefined) throw new RangeError(`no entry ${index}`);
  return entry;
};

/** A statement or an envelope as plain JSON. */
export const jsonOf = (bytes: Uint8Array): JsonValue =>
  JSON.parse(new TextDecoder().decode(bytes)) as JsonValue;
