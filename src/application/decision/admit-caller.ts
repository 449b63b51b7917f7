import type { Caller } from '#domain/policy/policy';
import type { ScopeField } from '#domain/scope';
import type { Claims } from '../ports/callers.ts';
import { claimedFacts, claimText, type ClaimedFacts } from './claimed-facts.ts';
import type { DecisionQuestion } from './question.ts';

/** A caller that may ask this, and what its token vouches for. */
export interface AdmittedCaller {
  /** With what the body left out and the claims say. */
  readonly question: DecisionQuestion;
  readonly verified: ReadonlySet<ScopeField>;
}

/**
 * Whether a token with these claims, which are verified, may ask this question. Every claim that a
 * caller's `match` names must be there and be the same; gate, service and environment must be among
 * the caller's. Where body and claims say two things, neither is believed.
 */
export function admitCaller(
  callers: readonly Caller[],
  issuer: string,
  claims: Claims,
  question: DecisionQuestion,
): AdmittedCaller | 'not-authorised' | 'facts-differ' {
  const own = callers.filter((one) => one.issuer === issuer && matches(one, claims));
  const caller = own.find((one) => mayAsk(one, claims, question));
  if (caller === undefined) return 'not-authorised';
  const facts = claimedFacts(caller.kind, claims);
  return differs(facts, question) ? 'facts-differ' : withFacts(facts, question);
}

function matches({ kind, match }: Caller, claims: Claims): boolean {
  const wanted = Object.entries(match);
  return (
    wanted.length > 0 && wanted.every(([name, value]) => claimText(kind, claims, name) === value)
  );
}

function mayAsk(caller: Caller, claims: Claims, question: DecisionQuestion): boolean {
  const { gates, services, environments } = caller;
  const { gate, service, environment } = question;
  if (!gates.includes(gate) || !services.includes(service)) return false;
  // Without a list the token has to say it; that it says the same is seen next.
  if (environments === null) return claimedFacts(caller.kind, claims).environment !== null;
  return environments.includes(environment);
}

function differs(facts: ClaimedFacts, { environment, branch, commit }: DecisionQuestion): boolean {
  const isOther = (claim: string | null, said: string | undefined) =>
    claim !== null && said !== undefined && claim !== said;
  return (
    isOther(facts.environment, environment) ||
    isOther(facts.branch, branch) ||
    isOther(facts.commit, commit)
  );
}

function withFacts({ branch, commit }: ClaimedFacts, question: DecisionQuestion): AdmittedCaller {
  return {
    question: {
      ...question,
      ...(branch === null ? {} : { branch }),
      ...(commit === null ? {} : { commit }),
    },
    // The policy says which service and environments a caller is; no claim carries an artifact.
    verified: new Set<ScopeField>([
      'service',
      'environment',
      ...(branch === null ? [] : (['branch'] as const)),
    ]),
  };
}
