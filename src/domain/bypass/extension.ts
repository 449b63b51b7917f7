import type { BypassId } from '../ids.ts';
import type { Instant } from '../instant.ts';
import { evaluatePolicy } from '../policy/evaluate-policy.ts';
import type { Policy } from '../policy/policy.ts';
import { refuse, type Refusal } from '../refusal.ts';
import { bypassIn, firstActivatedAt, type Chain } from './chain.ts';

/**
 * How long an extension may be asked for, in milliseconds and ascending, or why none may be. For the
 * form alone: the request is judged when it is made. Where the chain has less left than every offer,
 * it is the shortest: the extension then ends with its chain.
 */
export function extensionOffers(
  chain: Chain | null,
  id: BypassId,
  policy: Policy,
  now: Instant,
): readonly number[] | Refusal {
  const bypass = bypassIn(chain, id);
  if (chain === null || bypass === undefined) return refuse({ code: 'unknown-bypass' });
  const waits = chain.bypasses.some((one) => one.phase === 'waiting');
  if (bypass.phase !== 'active' || waits || bypass.grant.expiresAt <= now)
    return refuse({ code: 'not-extendable', phase: waits ? 'waiting' : bypass.phase });
  const { gate, scope, severity } = bypass.request;
  const { ttlOffersMs, chainMaxMs } = evaluatePolicy(policy, { gate, ...scope, severity });
  const capAt = (firstActivatedAt(chain) ?? now) + chainMaxMs;
  if (bypass.grant.expiresAt >= capAt) return refuse({ code: 'chain-cap-reached', capAt });
  const offers = ttlOffersMs.toSorted((a, b) => a - b);
  const within = offers.filter((ms) => now + ms <= capAt);
  return within.length > 0 ? within : offers.slice(0, 1);
}
