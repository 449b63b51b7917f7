import type { DigestText, TenantId } from '#domain/ids';
import type { JsonValue } from '#ledger/canonical-json';
import type { Opening } from '#ledger/commitment';

/** Everything an export needs, as of one moment. */
export interface LogReader {
  /** Entries come in index order, a page at a time; all of them covered by `checkpoint`. */
  snapshot(tenant: TenantId): Promise<LogSnapshot>;
}

export interface LogSnapshot {
  readonly origin: string;
  readonly size: number;
  readonly checkpoint: string;
  readonly policies: readonly { readonly digest: DigestText; readonly content: JsonValue }[];
  entries(): AsyncIterable<ExportedEntry>;
}

export interface ExportedEntry {
  readonly index: number;
  readonly statement: Uint8Array;
  readonly envelope: JsonValue;
  readonly openings: Readonly<Record<string, Opening>>;
}
