import type { TenantId } from '#domain/ids';
import type { Instant } from '#domain/instant';
import type { GroupSource } from '../policy/compiled-policy.ts';
import type { Account } from '../ports/account.ts';
import type { OnCallSource } from '../ports/on-call.ts';
import type { Ports } from '../ports/ports.ts';
import type { PolicyDirectory } from '../ports/policy-version.ts';

export type OnCallGroup = Extract<
  GroupSource,
  { kind: 'pagerduty-schedule' | 'pagerduty-escalation-policy' }
>;

export interface OnCallNow {
  /** One account for each person; those of the fallback where nobody of the policy is on call. */
  readonly accounts: readonly Account[];
  /** PagerDuty users on call whom the policy lists on nobody. */
  readonly unlisted: readonly string[];
}

/**
 * Whom a schedule or escalation policy puts on call. Who a PagerDuty user is stands in the policy: an
 * e-mail that two systems have in common proves no identity. The fallback counts where PagerDuty has
 * answered, and never in place of an answer.
 *
 * @throws LookUpFailed
 */
export async function onCallNow(
  { onCall }: Pick<Ports, 'onCall'>,
  tenant: TenantId,
  { people }: Pick<PolicyDirectory, 'people'>,
  source: OnCallGroup,
  now: Instant,
): Promise<OnCallNow> {
  const users = await onCall.usersOf(tenant, asked(source), now);
  const listed = users.map((user) => people.find((one) => one.pagerduty === user));
  const accounts = listed.flatMap((person) => person?.accounts.slice(0, 1) ?? []);
  return {
    accounts: accounts.length > 0 ? accounts : source.fallback,
    unlisted: users.filter((_, place) => listed[place] === undefined),
  };
}

const asked = (source: OnCallGroup): OnCallSource =>
  source.kind === 'pagerduty-schedule'
    ? { kind: 'schedule', id: source.schedule }
    : { kind: 'escalation-policy', id: source.policy, levels: source.levels };
