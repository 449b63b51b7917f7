import type { ActivatedBypass } from '#application/ports/tenant-store';
import { openBypass, type OpenRow } from './rows.ts';

/** An active bypass as `OPEN_JSON` writes it. */
export interface OpenJson extends Pick<
  OpenRow,
  'gate' | 'gates' | 'service' | 'environment' | 'branch' | 'artifact' | 'severity' | 'drill'
> {
  readonly id: string;
  readonly policy: string;
  readonly ttl: number | null;
  readonly expires: string | null;
  readonly activation: string | null;
}

/** All that an aggregate finds of `app.bypass AS b`, where only active ones may be; NULL for none. */
export const OPEN_JSON = `json_agg(json_build_object('id', b.bypass_id, 'gate', b.gate, 'gates', b.gates,
  'service', b.service, 'environment', b.environment, 'branch', b.branch, 'artifact', b.artifact,
  'severity', b.severity, 'policy', b.policy_digest, 'drill', b.drill, 'ttl', b.ttl_ms,
  'expires', b.expires_at, 'activation', b.activation_digest))`;

export function openOf(json: readonly OpenJson[] | null): readonly ActivatedBypass[] {
  return (json ?? []).flatMap((row) => openBypass(openRow(row)));
}

function openRow({ id, policy, ttl, expires, activation, ...row }: OpenJson): OpenRow {
  return {
    ...row,
    bypassId: id,
    policyDigest: policy,
    activationDigest: activation,
    ttlMs: ttl,
    expiresAt: expires === null ? null : new Date(expires),
  };
}
