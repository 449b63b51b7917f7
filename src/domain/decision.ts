import type { BypassId, DigestText } from './ids.ts';
import type { Instant } from './instant.ts';
import { openedGates, type Opening } from './opened-gates.ts';
import { asksForMore } from './policy/asks-for-more.ts';
import { lookUp } from './policy/evaluate-policy.ts';
import { knownEvaluation } from './policy/known-evaluation.ts';
import type { Policy } from './policy/policy.ts';
import {
  allVerified,
  scopeCovers,
  type DeployFacts,
  type Scope,
  type ScopeField,
} from './scope.ts';

/** A bypass as a decision sees it. */
export interface OpenBypass extends Opening {
  readonly id: BypassId;
  readonly scope: Scope;
  readonly severity: string | null;
  readonly policy: DigestText;
  readonly drill: boolean;
  readonly ttlMs: number;
  readonly expiresAt: Instant;
}

export type EnforceReason =
  | 'no-bypass'
  | 'expired'
  | 'scope-not-covered'
  | 'needs-more-approval'
  | 'facts-not-verified'
  | 'unknown-gate'
  /** The question names several gates at once: nothing enforces under that name. */
  | 'several-gates';

export type Decision =
  | { readonly decision: 'bypass'; readonly bypass: BypassId; readonly expiresAt: Instant }
  | { readonly decision: 'enforce'; readonly reason: EnforceReason };

/**
 * "May this deploy pass this gate?" `bypass` only if one active bypass, no drill, covers exactly
 * these facts at `now`, and the policy it was approved under asks no more for these facts than it
 * got. Everything else is `enforce`.
 *
 * @param verified the facts that a signed claim vouches for. Where the gate wants verified facts, all
 *   that the bypass's scope names must be among them.
 */
export function decideDeploy(
  facts: DeployFacts,
  verified: ReadonlySet<ScopeField>,
  open: readonly OpenBypass[],
  policyOf: (digest: DigestText) => Policy,
  current: Policy,
  now: Instant,
): Decision {
  const enforce = (reason: EnforceReason): Decision => ({ decision: 'enforce', reason });
  const gate = lookUp(current.gates, facts.gate);
  if (gate === undefined) return enforce('unknown-gate');
  if (gate.gates !== undefined) return enforce('several-gates');
  const real = open.filter((one) => !one.drill && openedGates(one).includes(facts.gate));
  const live = real.filter((one) => now < one.expiresAt);
  const covering = live.filter((one) => scopeCovers(openedGates(one), one.scope, facts));
  if (covering.length === 0) {
    if (live.length > 0) return enforce('scope-not-covered');
    return enforce(real.length > 0 ? 'expired' : 'no-bypass');
  }
  const trusted = covering.filter((one) => !gate.verifiedFacts || allVerified(one.scope, verified));
  if (trusted.length === 0) return enforce('facts-not-verified');
  const enough = trusted.filter((one) => !needsMore(one, facts, policyOf(one.policy)));
  const longest = enough.toSorted((a, b) => b.expiresAt - a.expiresAt)[0];
  if (longest === undefined) return enforce('needs-more-approval');
  return { decision: 'bypass', bypass: longest.id, expiresAt: longest.expiresAt };
}

function needsMore(bypass: OpenBypass, facts: DeployFacts, policy: Policy): boolean {
  const { service, environment, branch } = facts;
  const asked = { gate: facts.gate, service, environment, branch, severity: null };
  const granted = knownEvaluation(policy, {
    gate: bypass.gate,
    ...bypass.scope,
    severity: bypass.severity,
  });
  return asksForMore(knownEvaluation(policy, asked), granted, bypass.ttlMs);
}
