import type { Request } from '../bypass/chain.ts';
import type { PolicyQuestion } from './evaluate-policy.ts';

/** What a version of the policy is asked about a request. */
export function questionOf({
  gate,
  scope: { service, environment, branch },
  severity,
  raised,
}: Pick<Request, 'gate' | 'scope' | 'severity' | 'raised'>): PolicyQuestion {
  const question = { gate, service, environment, branch, severity };
  return raised === undefined ? question : { ...question, raised };
}
