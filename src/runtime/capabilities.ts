import type { Capabilities } from '#application/policy/check-groups';
import type { Config } from './config/read-config.ts';

/** What a policy may rely on besides Slack, as the settings have it. */
export const capabilitiesOf = ({
  signIn,
  pagerDuty,
}: Pick<Config, 'signIn' | 'pagerDuty'>): Capabilities => ({
  sso: signIn !== null,
  pagerduty: pagerDuty.readsOnCalls,
});
