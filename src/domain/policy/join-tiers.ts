import type { Evaluation, JoinedRequirement, Unknown } from './evaluation.ts';
import type { EscalationStep, InFlight, Tier } from './policy.ts';

const IN_FLIGHT_BY_STRICTNESS: readonly InFlight[] = ['hold', 'cancel', 'rollback'];

/**
 * The stricter of each switch: every requirement, the shortest maximum TTL, the shortest wait.
 * TTL options are all that some tier offers, up to the longest that every tier has an offer for.
 *
 * @throws RangeError when no tier is given, which a checked policy cannot produce.
 */
export function joinTiers(tiers: readonly Tier[], unknown: readonly Unknown[]): Evaluation {
  if (tiers.length === 0) throw new RangeError('a policy evaluation needs at least one tier');
  const ttlMaxMs = Math.min(...tiers.map((tier) => tier.ttlMaxMs));
  return {
    tiers: tiers.map((tier) => tier.name),
    unknown,
    requirements: joinRequirements(tiers),
    ttlOffersMs: commonOffers(tiers, ttlMaxMs),
    ttlMaxMs,
    chainMaxMs: Math.min(...tiers.map((tier) => tier.chainMaxMs)),
    pendingMs: Math.min(...tiers.map((tier) => tier.pendingMs)),
    attestation: tiers.some((tier) => tier.attestation === 'required') ? 'required' : 'preferred',
    stepUp: tiers.some((tier) => tier.stepUp === 'sso') ? 'sso' : 'none',
    inFlight: strictestInFlight(tiers.map((tier) => tier.inFlight)),
  };
}

function commonOffers(tiers: readonly Tier[], ttlMaxMs: number): readonly number[] {
  const offers = tiers.map((tier) => tier.ttlOffersMs.filter((ms) => ms <= ttlMaxMs));
  const longest = offers.map((one) => (one.length > 0 ? Math.max(...one) : ttlMaxMs));
  const within = offers.flat().filter((ms) => ms <= Math.min(...longest));
  return within.length > 0 ? [...new Set(within)].sort((a, b) => a - b) : [Math.min(...longest)];
}

export function strictestInFlight(all: readonly InFlight[]): InFlight {
  const ranks = all.map((one) => IN_FLIGHT_BY_STRICTNESS.indexOf(one));
  return IN_FLIGHT_BY_STRICTNESS[Math.max(...ranks)] ?? 'hold';
}

/** Per group the largest count that any tier asks for; two tiers asking one group do not add up. */
function joinRequirements(tiers: readonly Tier[]): readonly JoinedRequirement[] {
  const groups = new Set(tiers.flatMap((tier) => tier.requirements.map(({ from }) => from)));
  return [...groups].map((from) => {
    const asking = tiers.filter((tier) => tier.requirements.some((one) => one.from === from));
    const counts = asking.flatMap((tier) =>
      tier.requirements.filter((one) => one.from === from).map(({ count }) => count),
    );
    return { from, count: Math.max(...counts), escalation: commonEscalation(asking) };
  });
}

/**
 * Escalation widens who counts, so where two tiers ask the same group, a candidate is added only
 * if both add it, and at the later of the two times.
 */
function commonEscalation(tiers: readonly Tier[]): readonly EscalationStep[] {
  const [first, ...others] = tiers.map(addedAfter);
  const steps = new Map<number, string[]>();
  for (const [group, afterMs] of first ?? []) {
    const times = others.map((other) => other.get(group));
    if (times.some((time) => time === undefined)) continue;
    const latest = Math.max(afterMs, ...times.filter((time) => time !== undefined));
    steps.set(latest, [...(steps.get(latest) ?? []), group]);
  }
  return [...steps].sort(([a], [b]) => a - b).map(([afterMs, add]) => ({ afterMs, add }));
}

function addedAfter(tier: Tier): ReadonlyMap<string, number> {
  const earliest = new Map<string, number>();
  for (const { afterMs, add } of tier.escalation) {
    for (const group of add) earliest.set(group, Math.min(afterMs, earliest.get(group) ?? afterMs));
  }
  return earliest;
}
