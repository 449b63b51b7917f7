import type { z } from 'zod';
import { POLICY_LIMITS } from '#domain/policy/policy-limits';
import { duration, listOf, name, oneOf, section, whole } from './parts.ts';

const Requirement = section({
  from: name('release').describe('The group that the approvals come from.'),
  count: whole(1, POLICY_LIMITS.requirementCount).describe('How many distinct people of it.'),
});

const Escalation = section({
  after: duration('5m').describe('How long the request has waited.'),
  add: listOf(name('db-senior'), '[db-senior]')
    .min(1, { error: 'at least one group' })
    .describe('Groups whose members are asked then, and count too.'),
});

const Ttl = section({
  offer: listOf(duration('1h'), '[15m, 1h, 4h]')
    .min(1, { error: 'at least one duration' })
    .max(POLICY_LIMITS.ttlOffers, { error: `at most ${POLICY_LIMITS.ttlOffers} durations` })
    .describe('What the approver can choose from.'),
  max: duration('4h').describe('The longest that one bypass lasts.'),
});

export const TierDocument = section({
  require: listOf(Requirement, '[{ from: release, count: 2 }]')
    .min(1, { error: 'at least one requirement: no gate opens without an approval' })
    .max(POLICY_LIMITS.requirements, {
      error: `at most ${POLICY_LIMITS.requirements} requirements`,
    })
    .describe('All of these must be met, by distinct people.'),
  ttl: Ttl.describe('How long a bypass lasts.'),
  chain_max: duration('8h')
    .default('8h')
    .describe('The longest from the first opening to the end of the last extension.'),
  pending: duration('30m').default('1h').describe('How long a request waits before it lapses.'),
  escalate: listOf(Escalation, '[{ after: 5m, add: [db-senior] }]')
    .max(POLICY_LIMITS.escalationSteps, { error: `at most ${POLICY_LIMITS.escalationSteps} steps` })
    .default([])
    .describe('Who else is asked when nobody answers.'),
  attestation: oneOf(['preferred', 'required'])
    .default('preferred')
    .describe('`required`: the gate stays shut while Sigstore cannot sign the approval.'),
  step_up: oneOf(['none', 'sso'])
    .default('none')
    .describe(
      '`sso`: each approval needs a fresh sign-in at the identity provider, and is `required` to be attested.',
    ),
  in_flight: oneOf(['hold', 'cancel', 'rollback'])
    .default('hold')
    .describe('What happens to deploys that still run when the bypass ends.'),
  replaces: listOf(name('low'), '[low]')
    .default([])
    .describe('Less strict tiers that no longer apply when this one does.'),
});
export type TierDocument = z.infer<typeof TierDocument>;
