import type { Attestation, InFlight, StepUp } from './policy.ts';

/** Why a tier could not be determined from the policy alone; any of them adds the strictest tier. */
export type Unknown = 'service' | 'environment' | 'gate';

/** A requirement after all tiers that apply were joined. */
export interface JoinedRequirement {
  readonly from: string;
  readonly count: number;
  /** Groups whose members also count once the request has waited this long. */
  readonly escalation: readonly { readonly afterMs: number; readonly add: readonly string[] }[];
}

/** What one request needs: all tiers that apply, joined to the stricter of each. */
export interface Evaluation {
  /** Names, in the policy's order of strictness. */
  readonly tiers: readonly string[];
  readonly unknown: readonly Unknown[];
  readonly requirements: readonly JoinedRequirement[];
  readonly ttlOffersMs: readonly number[];
  readonly ttlMaxMs: number;
  readonly chainMaxMs: number;
  readonly pendingMs: number;
  readonly attestation: Attestation;
  readonly stepUp: StepUp;
  readonly inFlight: InFlight;
}
