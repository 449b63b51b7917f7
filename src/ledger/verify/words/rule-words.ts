import type { ViolationCode } from '../../replay/violation.ts';
import { expected, found, of, rowsOf, the, when, who, type Row } from './terms.ts';

/** The phases of a bypass, as what it did or was when an entry came that does not fit. */
const PHASES = new Map([
  ['waiting', 'still waited for approval'],
  ['active', 'was active'],
  ['closed', 'was closed'],
  ['denied', 'had been denied'],
  ['withdrawn', 'had been withdrawn'],
  ['lapsed', 'had lapsed'],
]);

const rule = rowsOf('replay');

/** What a rule that the replay finds broken is called. */
export const RULE_WORDS: { readonly [Code in ViolationCode]: Row } = {
  'log-start-misplaced': rule(() => 'A log starts with log.started, and only there'),
  'entry-repeated': rule(() => 'The same statement stands at an earlier place of the log already'),
  'time-goes-back': rule(
    (a) => `The entry${of(a)} is dated ${when(a.found)}, before entries ahead of it`,
  ),
  'follows-unknown': rule(
    (a) => `The entry rests on ${found(a)}, which is no earlier entry of this log`,
  ),
  'follows-missing': rule(
    (a) => `The entry${of(a)} does not name ${expected(a)} among those that it rests on`,
  ),
  'policy-not-in-export': rule((a) => {
    const lacks = `The export lacks the policy version ${found(a)}`;
    // No bypass is named: all entries that rest on one version are told in one line.
    return a.bypass === undefined
      ? lacks
      : `${lacks}, which the entry rests on: what only that version could say of it is not judged`;
  }),
  'policy-not-in-force': rule(
    (a) => `The entry${of(a)} uses a policy version that was not in force`,
  ),
  // No bypass is named here either.
  'policy-in-force-unknown': rule(
    (a) =>
      `Entry ${found(a)}, which may have put a policy version in force, cannot be read: whether the entry uses the one in force is not judged`,
  ),
  'bypass-unknown': rule((a) => `No request opened bypass ${a.bypass ?? ''}`),
  'bypass-repeated': rule((a) => `Bypass ${a.bypass ?? ''} was opened before`),
  'entry-differs-from-request': rule((a) => `Gate, scope or drill${of(a)} differ from its request`),
  'entry-out-of-place': rule(
    (a) => `${found(a)} does not fit: ${the(a)} ${PHASES.get(expected(a)) ?? 'was not there'}`,
  ),
  'actor-wrong': rule(
    (a) => `The entry${of(a)} was made by someone else than ${a.person ?? 'the service'}`,
  ),
  'gates-wrong': rule(
    (a) => `The gates that open together${of(a)} are ${found(a)}; the policy has ${expected(a)}`,
  ),
  'gate-not-opened': rule(
    (a) => `An entry on ${found(a)} names another gate than those that open${of(a)}`,
  ),
  'gate-unknown': rule((a) => `The gate${of(a)} is not in the policy`),
  'requester-not-eligible': rule(
    (a) => `${who(a)} asked without being allowed to, by the look-ups recorded`,
  ),
  'tier-wrong': rule((a) => `The tiers${of(a)} are ${found(a)}; the policy gives ${expected(a)}`),
  'pending-time-wrong': rule((a) => `The waiting time${of(a)} is not what the policy gives`),
  'ttl-not-offered': rule(
    (a) => `${who(a)} chose a TTL for ${the(a)} that the policy does not offer`,
  ),
  'too-many-waiting': rule(
    (a) =>
      `${who(a)} has ${found(a)} requests waiting with ${the(a)}; the policy lets ${expected(a)}`,
  ),
  'too-many-asked': rule(
    (a) =>
      `${who(a)} asked ${found(a)} times within 24 hours, ${the(a)} included; the policy lets ${expected(a)}`,
  ),
  'review-overdue': rule(
    (a) =>
      `${who(a)} asked for ${the(a)} while a review of its service was overdue, which the policy blocks`,
  ),
  'raise-wrong': rule(
    (a) =>
      `The request${of(a)} does not say rightly whether an overdue review of its service raised it`,
  ),
  'extension-wrong': rule((a) => `The extension${of(a)} does not fit what it extends`),
  'escalation-wrong': rule(
    (a) => `The escalation${of(a)} is not a step of the policy, or came early`,
  ),
  'denier-not-eligible': rule(
    (a) => `${who(a)} denied bypass ${a.bypass ?? ''} without being allowed to`,
  ),
  'lapsed-early': rule((a) => `The request${of(a)} lapsed before its time`),
  'lapse-missing': rule(
    (a) => `The request${of(a)} was never decided and never lapsed, though the log went on`,
  ),
  'self-approval': rule((a) => `${who(a)} approved their own request for ${the(a)}`),
  'approver-repeated': rule((a) => `${who(a)} approved ${the(a)} twice`),
  'approver-not-eligible': rule(
    (a) => `${who(a)} approved ${the(a)} without being eligible, by look-ups at most 30 s old`,
  ),
  'approved-other-request': rule(
    (a) => `${who(a)} approved another request than that for ${the(a)}`,
  ),
  'approval-out-of-time': rule(
    (a) => `${who(a)} approved ${the(a)} before it was asked for or after the request had lapsed`,
  ),
  'attestation-missing': rule(
    (a) => `An approval${of(a)} is provisional; the tier requires attested ones`,
  ),
  'step-up-missing': rule(
    (a) => `${who(a)} approved ${the(a)} without the sign-in that the tier demands`,
  ),
  'vouching-wrong': rule(
    (a) => `The word of the identity provider for ${who(a)}${of(a)} does not stand in for Slack's`,
  ),
  'late-attestation-wrong': rule(
    (a) => `${who(a)} attested entry ${found(a)}, which is no provisional approval of theirs`,
  ),
  'activated-twice': rule((a) => `Bypass ${a.bypass ?? ''} was activated a second time`),
  'activated-late': rule(
    (a) =>
      `The activation${of(a)} came at ${when(a.found)}; the request waited until ${when(a.expected)}`,
  ),
  'quorum-not-met': rule(
    (a) => `The activation${of(a)} lacks approvals: distinct eligible people do not meet the tier`,
  ),
  'activation-apart': rule(
    (a) => `The activation${of(a)} does not follow an approval that was judged with it`,
  ),
  'ttl-wrong': rule((a) => `The TTL${of(a)}, ${found(a)} ms, is not the shortest that was granted`),
  'expiry-wrong': rule(
    (a) => `The expiry${of(a)} is ${when(a.found)}; TTL and cap give ${when(a.expected)}`,
  ),
  'in-flight-wrong': rule(
    (a) => `What happens to deploys in flight${of(a)} is not what the policy says`,
  ),
  'close-time-wrong': rule(
    (a) => `The close${of(a)} ends it at ${when(a.found)}, which is not when it ended`,
  ),
  'closer-not-allowed': rule(
    (a) => `${who(a)} revoked ${the(a)} without being an approver of it or an admin`,
  ),
  'close-missing': rule(
    (a) => `The close${of(a)} is missing, though the log went on long after its expiry`,
  ),
  'deploy-in-drill': rule((a) => `Deploy ${found(a)} is annotated in a drill${of(a)}`),
  'deploy-outside-scope': rule((a) => `Deploy ${found(a)} lies outside the scope${of(a)}`),
  'deploy-outside-window': rule((a) => `Deploy ${found(a)} lies outside the time${of(a)}`),
  'facts-not-verified': rule(
    (a) => `Deploy ${found(a)}${of(a)} rests on claimed facts; the policy demands verified ones`,
  ),
  'deploy-unknown': rule((a) => `Deploy ${found(a)} was never annotated${of(a)}`),
  'deploy-end-wrong': rule(
    (a) => `What became of deploy ${found(a)}${of(a)} contradicts the entries before`,
  ),
  'deploy-left-open': rule(
    (a) =>
      `A deploy in flight at the close${of(a)} was neither handed over nor put back under enforcement`,
  ),
  'revert-unanswered': rule(
    (a) =>
      `What became of a deploy${of(a)} that was to be put back was never told, though the log went on`,
  ),
  'provenance-wrong': rule(
    (a) =>
      `What was found of the provenance of deploy ${found(a)}${of(a)} is not of what the deploy said, or was said before`,
  ),
  'post-mortem-missing': rule((a) => `The last close${of(a)} opened no post-mortem`),
  'post-mortem-unexpected': rule((a) => `A post-mortem entry${of(a)} where none is due`),
  'post-mortem-wrong': rule(
    (a) => `The post-mortem${of(a)} has the wrong bypass, time or assignee`,
  ),
};
