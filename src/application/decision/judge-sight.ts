import { decideDeploy, type Decision, type OpenBypass } from '#domain/decision';
import type { Instant } from '#domain/instant';
import { allVerified, type DeployFacts, type ScopeField } from '#domain/scope';
import type { Digest } from '#ledger/digest';
import type { Sight, TenantReads } from '../ports/tenant-store.ts';

export interface Judged {
  readonly now: Instant;
  readonly decision: Decision;
  /** What lets the deploy through. */
  readonly through: (OpenBypass & { readonly activation: Digest }) | null;
  /** Whether a signed claim vouches for all that the bypass's scope names. */
  readonly isVerified: boolean;
}

/** What signed claims vouch for. */
export type Verified = ReadonlySet<ScopeField>;

export const NOTHING: Verified = new Set();
const NO_POLICY: Decision = { decision: 'enforce', reason: 'unknown-gate' };

export async function judgeFacts(
  tx: TenantReads,
  facts: DeployFacts,
  verified: Verified = NOTHING,
): Promise<Judged> {
  return judgeSight(await tx.sight([facts.gate]), facts, verified);
}

export function judgeSight(
  { current, open, versions, now }: Sight,
  facts: DeployFacts,
  verified: Verified,
): Judged {
  if (current === null) return { now, decision: NO_POLICY, through: null, isVerified: false };
  const usable = open.filter((one) => versions.has(one.policy));
  const decision = decideDeploy(
    facts,
    verified,
    usable,
    (digest) => versions.get(digest)?.content ?? current.content,
    current.content,
    now,
  );
  const through =
    decision.decision === 'bypass' ? open.find((one) => one.id === decision.bypass) : undefined;
  const isVerified = through !== undefined && allVerified(through.scope, verified);
  return { now, decision, through: through ?? null, isVerified };
}
