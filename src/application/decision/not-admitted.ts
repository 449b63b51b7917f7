/**
 * Why a caller whose token is genuine may not ask, as far as it may be told: what stands in its own
 * token and question, and which member of its own caller in the policy does not have it.
 */
export type NotAdmitted =
  /** No caller of the policy has a `match` for it; the claims are those that such callers match by. */
  | { readonly what: 'claims'; readonly own: Readonly<Record<string, string>> }
  /** The caller that it matches is not for this one of the question. */
  | { readonly what: 'gates' | 'services' | 'environments' }
  /** The caller lists no environments, and the token names none. */
  | { readonly what: 'no-environment' }
  /** Its claims and the question say two things. */
  | { readonly what: 'differs'; readonly fact: 'environment' | 'branch' | 'commit' };
