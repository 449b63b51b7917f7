import type { LoggedCall } from '#workspace/call-log';
import type { Violation } from '../races/history.ts';
import { RETRY_AFTER_S } from './faults.ts';

/** Within it a limit is stored for every replica to see, and what was on its way arrives. */
const GRACE_MS = 2_000;

const WINDOW_MS = RETRY_AFTER_S * 1_000;

/**
 * When a limit could not be stored at once, or a message was held on its way for longer than any
 * sender knows. In milliseconds since the Unix epoch.
 */
export interface Hindrance {
  readonly from: number;
  readonly to: number;
}

/**
 * Rule 10 by Slack's own record of calls: once a limit could be known of, nothing of the same kind
 * goes to the same channel before its Retry-After. Limits met under a hindrance say nothing of that.
 */
export function sentTooEarly(
  calls: readonly LoggedCall[],
  hindered: readonly Hindrance[],
  tenant: string,
): { readonly violations: readonly Violation[]; readonly checks: number } {
  const limited = calls
    .filter((one) => one.status === 429)
    .filter(({ at }) => !hindered.some((one) => one.from < at + WINDOW_MS && one.to > at));
  const violations = limited.flatMap(({ method, args, at }) => {
    const until = at + WINDOW_MS;
    return calls
      .filter((one) => one.method === method && one.args['channel'] === args['channel'])
      .filter((one) => one.at > at + GRACE_MS && one.at < until)
      .map((one) => ({
        rule: 10,
        tenant,
        what: `${method} to ${String(args['channel'])} ${until - one.at} ms before it may be`,
      }));
  });
  return { violations, checks: limited.length };
}
