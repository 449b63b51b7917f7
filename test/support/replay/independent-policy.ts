import type { LookUp } from '#domain/policy/look-up';
import type { Policy, Tier } from '#domain/policy/policy';
import type { RecordedOf } from '#ledger/recorded-event';

type Asked = Pick<RecordedOf<'request.opened'>, 'gate' | 'scope' | 'severity' | 'raised'>;

const HALF_MINUTE = 30_000;

/** The tiers that apply: those of all rules that surely apply, or the default; and any that might. */
export function tiersOf(policy: Policy | undefined, asked: Asked): readonly Tier[] {
  if (policy === undefined) return [];
  const { raised, ...plain } = asked;
  if (raised !== true) return plainTiersOf(policy, plain);
  const tiers = plainTiersOf(policy, plain).map((one) => one.name);
  const places = policy.tiers.map((one, place) => (tiers.includes(one.name) ? place : -1));
  const next = Math.max(...places) + 1;
  return policy.tiers.filter((one, place) => place === next || tiers.includes(one.name));
}

function plainTiersOf(policy: Policy, asked: Asked): readonly Tier[] {
  const { gate, scope, severity } = asked;
  const together = policy.gates[gate]?.gates;
  if (together !== undefined) return tiersOfAll(policy, asked, together);
  const service = Object.entries(policy.services).find(([name]) => name === scope.service)?.[1];
  const strange =
    service === undefined ||
    !service.environments.includes(scope.environment) ||
    !Object.keys(policy.gates).includes(gate);
  const applies = policy.rules.filter(({ when }) => {
    if (when.gate !== null && when.gate !== gate) return false;
    if (when.service !== null && when.service !== scope.service) return false;
    if (when.environment !== null && when.environment !== scope.environment) return false;
    if (when.label !== null && service?.labels.includes(when.label) !== true) return false;
    if (when.severity !== null && when.severity !== severity) return false;
    if (when.branch === null || scope.branch === null) return true;
    const escaped = when.branch.split('*').map((part) => part.replaceAll(/[^\w]/g, '\\$&'));
    return new RegExp(`^${escaped.join('.*')}$`, 's').test(scope.branch);
  });
  const sure = applies.filter(
    ({ when }) => when.severity === null && (when.branch === null || scope.branch !== null),
  );
  const base = sure.length === 0 ? [policy.defaultTier] : sure.map((one) => one.tier);
  const replaced = policy.tiers
    .filter((one) => base.includes(one.name))
    .flatMap((one) => one.replaces);
  const left = base.filter((name) => !replaced.includes(name));
  const chosen = [...(left.length > 0 ? left : base)];
  for (const one of applies) if (!sure.includes(one)) chosen.push(one.tier);
  const last = policy.tiers.at(-1);
  return policy.tiers.filter((one) => chosen.includes(one.name) || (strange && one === last));
}

/** Several gates ask together what each asks alone, and what rules on them all ask besides. */
function tiersOfAll(policy: Policy, asked: Asked, gates: readonly string[]): readonly Tier[] {
  const alone = gates.flatMap((gate) => tiersOf(policy, { ...asked, gate }));
  const besides = policy.rules.filter((one) => one.when.gate === asked.gate);
  // As if it were one gate with these rules alone, and a default that the tiers of others hide.
  const { [asked.gate]: itself, ...others } = policy.gates;
  const { gates: _several, ...one } = itself ?? { kind: '', description: '', verifiedFacts: false };
  const own = { ...policy, rules: besides, gates: { ...others, [asked.gate]: one } };
  const added = besides.flatMap((rule) => {
    const only = tiersOf({ ...own, rules: [rule], defaultTier: '' }, asked);
    return only.filter(({ name }) => name === rule.tier);
  });
  return policy.tiers.filter((tier) => alone.includes(tier) || added.includes(tier));
}

export const shortest = (tiers: readonly Tier[], of: (tier: Tier) => number): number =>
  Math.min(...tiers.map(of));

export function offers(tiers: readonly Tier[]): readonly number[] {
  const maxMs = shortest(tiers, (one) => one.ttlMaxMs);
  let limit = maxMs;
  for (const { ttlOffersMs } of tiers) {
    const possible = ttlOffersMs.filter((ms) => ms <= maxMs);
    if (possible.length > 0) limit = Math.min(limit, Math.max(...possible));
  }
  const offered = tiers.flatMap((one) => one.ttlOffersMs).filter((ms) => ms <= limit);
  return offered.length > 0 ? offered : [limit];
}

/** One requirement a group, the largest count; escalation adds where every tier that asks adds. */
export function needs(tiers: readonly Tier[], escalated: number) {
  const groups = new Set(tiers.flatMap((one) => one.requirements.map((need) => need.from)));
  return [...groups].map((from) => {
    const asking = tiers.filter((one) => one.requirements.some((need) => need.from === from));
    const counts = asking.flatMap((one) =>
      one.requirements.filter((need) => need.from === from).map((need) => need.count),
    );
    const added = asking.map((one) =>
      one.escalation.filter((step) => step.afterMs <= escalated).flatMap((step) => step.add),
    );
    const widened = (added[0] ?? []).filter((group) =>
      added.every((groups) => groups.includes(group)),
    );
    return { count: Math.max(...counts), groups: [from, ...widened] };
  });
}

export const candidates = (tiers: readonly Tier[], escalated: number): readonly string[] =>
  needs(tiers, escalated).flatMap((one) => one.groups);

export function seen(
  lookUps: readonly LookUp[],
  policy: string,
  group: string,
  at: number,
): readonly string[] {
  return lookUps.flatMap((one) =>
    one.policy === policy &&
    one.group === group &&
    one.outcome === 'members' &&
    at - one.lookedUpAt <= HALF_MINUTE
      ? one.members
      : [],
  );
}

/** Whether these tiers ask for less than others do: of approvals, of signatures, or of the chain's end. */
export function asksLess(tiers: readonly Tier[], others: readonly Tier[]): boolean {
  const count = (of: readonly Tier[], group: string): number =>
    needs(of, 0).find((one) => one.groups[0] === group)?.count ?? 0;
  const some = (of: readonly Tier[], is: (tier: Tier) => boolean): boolean => of.some(is);
  const attested = (tier: Tier): boolean => tier.attestation === 'required';
  const steppedUp = (tier: Tier): boolean => tier.stepUp === 'sso';
  return (
    needs(others, 0).some(({ groups: [group = ''], count: n }) => n > count(tiers, group)) ||
    (some(others, attested) && !some(tiers, attested)) ||
    (some(others, steppedUp) && !some(tiers, steppedUp)) ||
    shortest(tiers, (one) => one.chainMaxMs) > shortest(others, (one) => one.chainMaxMs)
  );
}
