import type { Tier } from '#domain/policy/policy';
import { durationMs } from './duration.ts';
import type { TierDocument } from './tier-document.ts';

export function compileTier(name: string, document: TierDocument): Tier {
  return {
    name,
    requirements: document.require.map(({ from, count }) => ({ from, count })),
    ttlOffersMs: document.ttl.offer.map(durationMs).sort((a, b) => a - b),
    ttlMaxMs: durationMs(document.ttl.max),
    chainMaxMs: durationMs(document.chain_max),
    pendingMs: durationMs(document.pending),
    escalation: document.escalate.map(({ after, add }) => ({ afterMs: durationMs(after), add })),
    // The service's own key cannot sign in: provisional would be no step up at all.
    attestation: document.step_up === 'sso' ? 'required' : document.attestation,
    stepUp: document.step_up,
    inFlight: document.in_flight,
    replaces: document.replaces,
  };
}
