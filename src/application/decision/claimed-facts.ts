import type { CallerKind } from '#domain/policy/policy';
import type { Claims } from '../ports/callers.ts';

/** What a token says of the deploy; `null` where it says nothing. */
export interface ClaimedFacts {
  readonly environment: string | null;
  readonly branch: string | null;
  /** What is deployed is no branch: a tag, or a pull request. */
  readonly noBranch?: true;
  readonly commit: string | null;
}

/**
 * A claim as the policy's `match` writes it. Those of Kubernetes stand in an object of their own, and
 * have flat names here: `namespace`, `service_account`, `service_account_uid`, `pod`.
 */
export function claimText(kind: CallerKind, claims: Claims, name: string): string | null {
  if (kind !== 'kubernetes') return textOf(claims, name);
  const own = inside(claims, 'kubernetes.io');
  switch (name) {
    case 'namespace':
      return textOf(own, 'namespace');
    case 'service_account':
      return textOf(inside(own, 'serviceaccount'), 'name');
    case 'service_account_uid':
      return textOf(inside(own, 'serviceaccount'), 'uid');
    case 'pod':
      return textOf(inside(own, 'pod'), 'name');
    default:
      return textOf(claims, name);
  }
}

/**
 * Reads the claims of GitHub Actions and GitLab as they document them, those of another issuer by
 * the names `environment`, `branch` and `commit`. Tokens of Kubernetes say nothing of a deploy.
 */
export function claimedFacts(kind: CallerKind, claims: Claims): ClaimedFacts {
  if (kind === 'kubernetes') return { environment: null, branch: null, commit: null };
  const environment = textOf(claims, 'environment');
  if (kind === 'oidc')
    return { environment, branch: textOf(claims, 'branch'), commit: textOf(claims, 'commit') };
  const commit = textOf(claims, 'sha');
  const ref = textOf(claims, 'ref');
  if (ref === null) return { environment, branch: null, commit };
  const branch = branchOf(kind, ref, textOf(claims, 'ref_type'));
  return { environment, branch, ...(branch === null ? { noBranch: true } : {}), commit };
}

const HEADS = 'refs/heads/';

/** GitHub writes the whole ref, and calls that of a pull request a branch, too; GitLab writes the name. */
function branchOf(kind: 'github' | 'gitlab', ref: string, type: string | null): string | null {
  if (type !== 'branch') return null;
  if (kind === 'gitlab') return ref;
  return ref.startsWith(HEADS) ? ref.slice(HEADS.length) : null;
}

function textOf(claims: Claims, name: string): string | null {
  const value = Object.hasOwn(claims, name) ? claims[name] : undefined;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' && value !== '' ? value : null;
}

function inside(claims: Claims, name: string): Claims {
  const value = Object.hasOwn(claims, name) ? claims[name] : undefined;
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Claims)
    : {};
}
