import { z } from 'zod';
import { POLICY_LIMITS } from '#domain/policy/policy-limits';
import { SLACK_ID } from '../names.ts';
import { duration, listOf, name, oneOf, section, text, whole } from '../parts.ts';

const MOST_CASES = 10_000;

const yesOrNo = z.boolean({ error: '`true` or `false`' }).optional();

/** An account, or the `id` of somebody under `people`. */
const somebody = text(
  new RegExp(`${SLACK_ID.source}|^[a-z0-9][a-z0-9._-]{0,62}$`),
  'an account such as `U11`, or the `id` of a person of the policy',
  'U11',
);

const Ask = section({
  gate: name('image-policy'),
  service: name('checkout'),
  environment: name('production'),
  branch: text(/^(?!refs\/)\S{1,255}$/, 'a branch without `refs/heads/`', 'main').optional(),
  severity: name('sev1').optional(),
  requester: somebody.optional().describe('Who asks, and so never counts.'),
});

const Later = section({
  after: duration('5m').describe('How long nobody has answered.'),
  add: listOf(name('db-senior'), '[db-senior]'),
});

const approvals = z
  .record(name('release'), whole(1, POLICY_LIMITS.requirementCount), {
    error: 'groups and how many of each, such as `{ release: 2 }`',
  })
  .optional();

const Expect = section({
  tiers: listOf(name('high'), '[high]').optional().describe('All that apply, in any order.'),
  unknown: listOf(oneOf(['gate', 'service', 'environment']), '[service]')
    .optional()
    .describe('What the policy does not know of the request; `[]` where it knows all.'),
  approvals: approvals.describe('How many of which group, and no others.'),
  ttl: listOf(duration('1h'), '[15m, 1h]').optional().describe('What can be chosen.'),
  ttl_max: duration('1h').optional(),
  chain_max: duration('8h').optional(),
  pending: duration('30m').optional(),
  attestation: oneOf(['preferred', 'required']).optional(),
  step_up: oneOf(['none', 'sso']).optional(),
  in_flight: oneOf(['hold', 'cancel', 'rollback']).optional(),
  escalate: listOf(Later, '[{ after: 5m, add: [db-senior] }]')
    .optional()
    .describe('Who is asked later as well, for any group; `[]` where nobody is.'),
  asked: listOf(somebody, '[U11, U12]')
    .optional()
    .describe('Listed people who are asked at once, without the requester.'),
  may_ask: yesOrNo.describe('Whether the requester may ask.'),
  can_open: yesOrNo.describe('Whether enough people are left besides the requester.'),
}).refine((expected) => Object.keys(expected).length > 0, {
  error: 'what is expected, such as `tiers: [high]`',
});

const Case = section({
  name: z
    .string({ error: 'what the case is about, in words' })
    .min(1, { error: 'what the case is about, in words' })
    .max(200, { error: 'at most 200 characters' }),
  ask: Ask.describe('The request.'),
  expect: Expect.describe('What it must come to; what is not written is not looked at.'),
});

/** Cases beside a policy document, as YAML holds them. */
export const CaseDocument = section({
  version: z.literal(1, { error: '`version: 1`' }),
  cases: listOf(Case, '[{ name: …, ask: { … }, expect: { … } }]')
    .min(1, { error: 'at least one case' })
    .max(MOST_CASES, { error: `at most ${MOST_CASES} cases` }),
});
export type CaseDocument = z.infer<typeof CaseDocument>;
export type PolicyCase = CaseDocument['cases'][number];
