import type { TenantId } from '#domain/ids';

/** A head of a log as it was seen, to be held against what the database says later. */
export interface SeenHead {
  readonly size: number;
  /** In base64. */
  readonly root: string;
  /** The checkpoint itself, a C2SP signed note. */
  readonly note: string;
  /** How many restores of this log had been acknowledged by then. */
  readonly restores: number;
}

/**
 * Nothing is appended to this log: it was rolled back, and no operator has said that they know. Every
 * question of a gate is enforced meanwhile.
 */
export class LogHeld extends Error {
  override name = 'LogHeld';
  readonly code = 'log-held';
}

export interface LogHoldStore {
  /**
   * Holds the log where it does not have this head, or had it before a restore that is not
   * acknowledged. Of several heads that are gone the largest is named. `size` is what there is.
   */
  compare(
    tenant: TenantId,
    seen: SeenHead,
  ): Promise<{ readonly outcome: 'had' | 'acknowledged' | 'held'; readonly size: number }>;
  /**
   * What was lost in each restore that was acknowledged, as the size that the log had, in order. They
   * are more than that where a restore took away the entry of an earlier one.
   */
  acknowledged(
    tenant: TenantId,
  ): Promise<{ readonly lost: readonly number[]; readonly restores: number }>;
}
