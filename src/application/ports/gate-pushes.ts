import type { BypassId, TenantId } from '#domain/ids';

/** What stands, or may stand, at a gate that holds exceptions. */
export interface GatePush {
  readonly gate: string;
  /** The kind that the gate had when it was pushed to: another one's adapter would not find it. */
  readonly kind: string;
  /** What stood there when it was last settled. */
  readonly stands: readonly BypassId[];
}

export interface GatePushes {
  of(tenant: TenantId): Promise<readonly GatePush[]>;
  /** Before anything is pushed: a crash right after it leaves nothing that nobody knows of. */
  begin(tenant: TenantId, gate: string, kind: string): Promise<void>;
  settled(tenant: TenantId, push: GatePush): Promise<void>;
  /** Nothing stands there any more, and nothing will. */
  forget(tenant: TenantId, gate: string, kind: string): Promise<void>;
  /** Has each of these gates brought to what is wanted, now. */
  want(tenant: TenantId, gates: readonly string[]): Promise<void>;
}

/** Jobs about gates, added with the commit that makes them needed. */
export interface GateWrites {
  /** Has the gate brought to what holds now. */
  enqueueGate(gate: string): Promise<void>;
  /** Has the gate's adapter put a deploy back under it. */
  enqueueRevert(bypass: BypassId, deploy: string, afterS?: number): Promise<void>;
  /** Of one gate, where the bypass opened several. */
  enqueueReadBack(bypass: BypassId, afterS: number, gate?: string): Promise<void>;
}
