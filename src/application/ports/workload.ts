import type { Instant } from '#domain/instant';
import type { JsonValue } from '#ledger/canonical-json';

/** Signs in the name of the workload that the service runs as, which no key of ours can do. */
export interface WorkloadSigner {
  /** A Sigstore bundle over the statement; `null` if there was none, which it has logged. */
  sign(statement: Uint8Array): Promise<JsonValue | null>;
}

/** The log's head, and when a workload last vouched for it. */
export interface WorkloadState {
  readonly size: number;
  readonly root: Uint8Array;
  /** The newest `workload.attested`; `null` before the first. */
  readonly last: LastAttested | null;
}

export interface LastAttested {
  readonly index: number;
  readonly at: Instant;
  readonly logKey: string;
  readonly serviceKey: string;
}
