import type { Caller, CallerKind } from '#domain/policy/policy';
import type { ScopeField } from '#domain/scope';
import type { Claims } from '../ports/callers.ts';
import type { AskedBy } from './asked-by.ts';
import { callerIdentity } from './caller-identity.ts';
import { claimedFacts, claimText, type ClaimedFacts } from './claimed-facts.ts';
import type { NotAdmitted } from './not-admitted.ts';
import type { DecisionQuestion } from './question.ts';

/** A caller that may ask this, and what its token vouches for. */
export interface AdmittedCaller {
  /** With what the body left out and the claims say. */
  readonly question: DecisionQuestion;
  readonly by: AskedBy;
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
): AdmittedCaller | NotAdmitted {
  const ofIssuer = callers.filter((one) => one.issuer === issuer);
  const own = ofIssuer.filter((one) => matches(one, claims));
  const caller = own.find((one) => lacks(one, claims, question) === null);
  if (caller === undefined) return whyNot(ofIssuer, own, claims, question);
  const facts = claimedFacts(caller.kind, claims);
  const fact = differing(facts, question);
  if (fact !== undefined) return { what: 'differs', fact };
  return { ...withFacts(facts, question), by: callerIdentity(caller, claims) };
}

function matches({ kind, match }: Caller, claims: Claims): boolean {
  const wanted = Object.entries(match);
  return (
    wanted.length > 0 && wanted.every(([name, value]) => claimText(kind, claims, name) === value)
  );
}

/** The first of its lists that does not have what is asked about; `null` if all do. */
function lacks(
  caller: Caller,
  claims: Claims,
  { gate, service, environment }: DecisionQuestion,
): Lacking | null {
  const { gates, services, environments } = caller;
  if (!gates.includes(gate)) return 'gates';
  if (!services.includes(service)) return 'services';
  if (environments !== null) return environments.includes(environment) ? null : 'environments';
  // Without a list the token has to say it; that it says the same is seen next.
  return claimedFacts(caller.kind, claims).environment === null ? 'no-environment' : null;
}

/** The nearer to being let through, the later. */
const LACKING = ['gates', 'services', 'environments', 'no-environment'] as const;
type Lacking = (typeof LACKING)[number];

function whyNot(
  ofIssuer: readonly Caller[],
  own: readonly Caller[],
  claims: Claims,
  question: DecisionQuestion,
): NotAdmitted {
  const found = new Set(own.map((one) => lacks(one, claims, question)));
  const what = LACKING.findLast((one) => found.has(one));
  return what === undefined ? { what: 'claims', own: ownClaims(ofIssuer, claims) } : { what };
}

/** What callers of a kind are matched by; of other issuers nobody knows. */
const MATCHED_BY: Readonly<Record<CallerKind, readonly string[]>> = {
  github: ['repository_id', 'repository_owner_id'],
  gitlab: ['project_id', 'namespace_id'],
  kubernetes: ['namespace', 'service_account'],
  oidc: [],
};

function ownClaims(callers: readonly Caller[], claims: Claims): Readonly<Record<string, string>> {
  const kinds = [...new Set(callers.map(({ kind }) => kind))];
  const named = kinds.flatMap((kind) =>
    MATCHED_BY[kind].map((name) => [name, claimText(kind, claims, name) ?? 'none'] as const),
  );
  return Object.fromEntries(named);
}

function differing(
  facts: ClaimedFacts,
  question: DecisionQuestion,
): 'environment' | 'branch' | 'commit' | undefined {
  if (facts.noBranch && question.branch !== undefined) return 'branch';
  return (['environment', 'branch', 'commit'] as const).find((fact) => {
    const [claim, said] = [facts[fact], question[fact]];
    return claim !== null && said !== undefined && claim !== said;
  });
}

function withFacts(
  { branch, commit }: ClaimedFacts,
  question: DecisionQuestion,
): Omit<AdmittedCaller, 'by'> {
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
