import type { EventTarget } from '#application/ports/events';
import type { TenantSeal } from '#application/ports/seals';
import type { Instant } from '#domain/instant';

/** So many signatures one header has at most. */
const MOST_BEFORE = 3;

/** Bound to its webhook, so that no target can be put in the place of another. */
const purpose = (subscription: string): string => `event-target:${subscription}`;

export function sealTarget(
  seal: TenantSeal,
  subscription: string,
  target: EventTarget,
): Uint8Array {
  return seal.seal(purpose(subscription), new TextEncoder().encode(JSON.stringify(target)));
}

export function openTarget(
  seal: TenantSeal,
  { subscriptionId, target }: { readonly subscriptionId: string; readonly target: Uint8Array },
): EventTarget {
  return JSON.parse(
    new TextDecoder().decode(seal.open(purpose(subscriptionId), target)),
  ) as EventTarget;
}

/** Without the secrets whose time is over. */
export function inForce({ url, secret, before = [] }: EventTarget, now: Instant): EventTarget {
  const still = before.filter(({ until }) => now < until);
  return { url, secret, ...(still.length === 0 ? {} : { before: still }) };
}

/** With another secret; the one before signs beside it for `keepMs` more. */
export function exchanged(
  target: EventTarget,
  secret: string,
  now: Instant,
  keepMs: number,
): EventTarget {
  const { url, secret: last, before = [] } = inForce(target, now);
  const all = [{ secret: last, until: now + keepMs }, ...before];
  return { url, secret, before: all.slice(0, MOST_BEFORE) };
}
