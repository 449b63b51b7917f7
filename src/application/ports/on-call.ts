import type { TenantId } from '#domain/ids';
import type { Instant } from '#domain/instant';

/** What PagerDuty is asked for: who is on call now by a schedule, or at some levels of an escalation policy. */
export type OnCallSource =
  | { readonly kind: 'schedule'; readonly id: string }
  | {
      readonly kind: 'escalation-policy';
      readonly id: string;
      /** As PagerDuty counts them: the first is 1. */
      readonly levels: readonly number[];
    };

export interface OnCall {
  /**
   * The PagerDuty users on call at that instant, by answers that are never older than
   * DIRECTORY_MAX_AGE_MS. An empty list is an answer: nobody is on call.
   *
   * @param now the database's clock: no replica's own decides who is on call.
   * @throws LookUpFailed, for a schedule or policy that is not there as well.
   */
  usersOf(tenant: TenantId, source: OnCallSource, now: Instant): Promise<readonly string[]>;
}
