import type { Caller, CallerKind } from '#domain/policy/policy';
import type { Claims } from '../ports/callers.ts';
import type { AskedBy } from './asked-by.ts';
import { claimText } from './claimed-facts.ts';

/** What an issuer gives to one alone and never again, whatever it is renamed to. */
const STABLE: Readonly<Record<CallerKind, readonly string[]>> = {
  github: ['repository_id'],
  gitlab: ['project_id'],
  kubernetes: ['namespace', 'service_account_uid'],
  oidc: [],
};

/**
 * Who asks with these claims, the same for each job of a repository or project: a deploy is often asked
 * about by one job and ended by another. Of an issuer that is not known, what the policy matches by.
 */
export function callerIdentity({ issuer, kind, match }: Caller, claims: Claims): AskedBy {
  const names = STABLE[kind].length > 0 ? STABLE[kind] : Object.keys(match).toSorted();
  const values = names.map((name) => [name, claimText(kind, claims, name)]);
  return `oidc:${JSON.stringify([issuer, ...values])}`;
}
