import type { TenantId } from '#domain/ids';

/** What a gate system told us, as it was sent: to be handled by a job. */
export interface GateDelivery {
  /** The sender's own id: the same when it is sent again. */
  readonly id: string;
  readonly event: string;
  readonly body: string;
}

/** Deliveries of one kind of gate. What was taken is a row: a killed process loses none. */
export interface GateDeliveries {
  /**
   * Stores the delivery with the job that handles it, in one transaction. `false` where it was taken
   * before, handled or not: a delivery twice is one.
   */
  accept(tenant: TenantId, delivery: GateDelivery): Promise<boolean>;
  /** What is still to be handled; `null` once it was. */
  toHandle(tenant: TenantId, id: string): Promise<GateDelivery | null>;
  /** Forgets what it said; that it came is kept, so that it is not taken again. */
  handled(tenant: TenantId, id: string): Promise<void>;
  /** Those of `ids` that were taken. */
  taken(tenant: TenantId, ids: readonly string[]): Promise<ReadonlySet<string>>;
  /** How far the sender's own list was read; `null` before the first look. */
  position(tenant: TenantId): Promise<string | null>;
  /** Also forgets deliveries that the sender has long forgotten. */
  moveTo(tenant: TenantId, position: string): Promise<void>;
}
