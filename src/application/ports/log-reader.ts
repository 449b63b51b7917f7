import type { DigestText, TenantId } from '#domain/ids';
import type { JsonValue } from '#ledger/canonical-json';
import type { Opening } from '#ledger/commitment';
import type { ExportedCheckpoint } from '#ledger/export/format';

/** Everything an export needs, as of one moment. */
export interface LogReader {
  /** Entries come in index order, a page at a time; all of them covered by `checkpoint`. */
  snapshot(tenant: TenantId): Promise<LogSnapshot>;
}

export interface LogSnapshot {
  readonly origin: string;
  readonly size: number;
  /** The signed checkpoint over all of it, with the lines of the witnesses that cosigned it. */
  readonly checkpoint: string;
  /**
   * Those that an outsider needs between the entries, by size: the last one of each log key that
   * was replaced, which its successor signs too; the first cosigned one behind each entry of a
   * provider's keys; the newest cosigned one.
   */
  readonly checkpoints: readonly ExportedCheckpoint[];
  readonly policies: readonly { readonly digest: DigestText; readonly content: JsonValue }[];
  entries(): AsyncIterable<ExportedEntry>;
}

export interface ExportedEntry {
  readonly index: number;
  readonly statement: Uint8Array;
  readonly envelope: JsonValue;
  readonly openings: Readonly<Record<string, Opening>>;
}
