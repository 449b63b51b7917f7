import type { ViolationCode } from '../replay/violation.ts';
import type { About, StepName } from './about.ts';
import { bundleReason, noteReason } from './reasons.ts';
import { SIGN_IN_FINDINGS } from './sign-ins/words.ts';

export type { About, StepName } from './about.ts';

type Words = (about: About) => string;
interface Row {
  readonly step: StepName;
  readonly words: Words;
}

const row = (step: StepName, words: Words): Row => ({ step, words });
const rule = (words: Words): Row => row('replay', words);

const who = ({ person }: About): string => person ?? 'someone';
const of = ({ bypass }: About): string => (bypass === undefined ? '' : ` of bypass ${bypass}`);
const the = ({ bypass }: About): string => (bypass === undefined ? 'a bypass' : `bypass ${bypass}`);
const found = ({ found: value }: About): string => String(value ?? 'nothing');
const expected = ({ expected: value }: About): string => String(value ?? 'nothing');
const when = (value: About['found']): string =>
  typeof value === 'number' && Math.abs(value) < 8.64e15 ? new Date(value).toISOString() : 'never';

/** The phases of a bypass, as what it did or was when an entry came that does not fit. */
const PHASES = new Map([
  ['waiting', 'still waited for approval'],
  ['active', 'was active'],
  ['closed', 'was closed'],
  ['denied', 'had been denied'],
  ['withdrawn', 'had been withdrawn'],
  ['lapsed', 'had lapsed'],
]);

const RULES: { readonly [Code in ViolationCode]: Row } = {
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
  'bypass-unknown': rule((a) => `No request opened bypass ${a.bypass ?? ''}`),
  'bypass-repeated': rule((a) => `Bypass ${a.bypass ?? ''} was opened before`),
  'entry-differs-from-request': rule((a) => `Gate, scope or drill${of(a)} differ from its request`),
  'entry-out-of-place': rule(
    (a) => `${found(a)} does not fit: ${the(a)} ${PHASES.get(expected(a)) ?? 'was not there'}`,
  ),
  'actor-wrong': rule(
    (a) => `The entry${of(a)} was made by someone else than ${a.person ?? 'the service'}`,
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
  'post-mortem-missing': rule((a) => `The last close${of(a)} opened no post-mortem`),
  'post-mortem-unexpected': rule((a) => `A post-mortem entry${of(a)} where none is due`),
  'post-mortem-wrong': rule(
    (a) => `The post-mortem${of(a)} has the wrong bypass, time or assignee`,
  ),
};

const FINDINGS = {
  'export-unreadable': row('export', (a) => `Line ${found(a)} cannot be read: ${expected(a)}`),
  'index-gap': row('export', (a) => `Index ${found(a)} stands where ${expected(a)} should`),
  'policy-digest-wrong': row(
    'export',
    (a) => `The content of policy ${found(a)} has another digest`,
  ),
  'service-key-misnamed': row('export', (a) => `Service key ${found(a)} has another digest`),
  'statement-not-canonical': row('statements', () => 'The statement is not canonical JSON'),
  'statement-foreign': row('statements', (a) => `Not a statement of an audit entry: ${found(a)}`),
  'statement-semantics': row(
    'statements',
    () => 'The entry was made under rules that this verifier does not know',
  ),
  'statement-event-unknown': row(
    'statements',
    () => 'The entry is of a type that this verifier does not know',
  ),
  'statement-shape': row('statements', (a) => `The statement has a wrong form at ${found(a)}`),
  'statement-subject': row('statements', () => 'The subjects are not those of the entry'),
  'tenant-differs': row(
    'statements',
    (a) => `The entry is of tenant ${found(a)}, not ${expected(a)}`,
  ),
  'log-differs': row('statements', (a) => `The entry is of log ${found(a)}, not ${expected(a)}`),
  'opening-mismatch': row(
    'statements',
    (a) => `The value shown for ${found(a)} is not the one that was signed`,
  ),
  'opening-unexpected': row(
    'statements',
    (a) => `A value is shown for ${found(a)}, which the entry does not have`,
  ),
  'genesis-missing': row(
    'signatures',
    () => 'The log does not start with an entry that names its keys',
  ),
  'envelope-malformed': row(
    'signatures',
    () => 'The envelope is neither a bundle nor a DSSE envelope with one signature',
  ),
  'payload-type-wrong': row(
    'signatures',
    () => 'The envelope is of another payload type than in-toto',
  ),
  'payload-differs': row('signatures', () => 'The envelope signs other bytes than the statement'),
  'service-key-unknown': row(
    'signatures',
    (a) => `Signed with key ${found(a)}, which the log does not name or the export does not hold`,
  ),
  'service-key-not-pinned': row(
    'signatures',
    (a) => `The log names service key ${found(a)}, which is not among those pinned`,
  ),
  'service-signature-wrong': row('signatures', () => "The signature is not the service key's"),
  'service-key-retired': row(
    'signatures',
    (a) => `Signed with key ${found(a)}, which the log replaced before by ${expected(a)}`,
  ),
  'rotation-from-wrong': row(
    'signatures',
    (a) => `The rotation replaces ${found(a)}; the key in force is ${expected(a)}`,
  ),
  'rotation-key-reused': row(
    'signatures',
    (a) => `The rotation names ${found(a)}, which was in force before`,
  ),
  'rotation-key-unreadable': row(
    'signatures',
    (a) => `The rotation names ${found(a)}, which is no key of this log`,
  ),
  'rotation-signed-wrong': row(
    'signatures',
    (a) => `The rotation of the service key is not signed by ${expected(a)}, as by the other key`,
  ),
  'bundle-unexpected': row('signatures', () => 'A bundle signs an entry that is the service’s own'),
  'bundle-refused': row(
    'attestations',
    (a) => `The bundle does not verify: ${bundleReason(found(a))}`,
  ),
  'attested-without-bundle': row(
    'attestations',
    (a) => `The entry of ${who(a)} says attested; only the service signed it`,
  ),
  'provisional-with-bundle': row(
    'attestations',
    (a) => `The approval of ${who(a)} says provisional; a bundle signs it`,
  ),
  'token-subject-wrong': row(
    'attestations',
    (a) => `The certificate was issued for ${found(a)}, not for this statement`,
  ),
  'issuer-not-pinned': row(
    'attestations',
    (a) => `The issuer ${found(a)} is not among those pinned`,
  ),
  'signed-too-early': row(
    'attestations',
    (a) => `Signed at ${when(a.found)} by its timestamps, before ${when(a.expected)}, its own time`,
  ),
  'signed-too-late': row(
    'attestations',
    (a) =>
      `Signed at ${when(a.found)} by its timestamps, after ${when(a.expected)}, when the entry behind it was made`,
  ),
  'identity-unknown': row(
    'identities',
    (a) => `${who(a)} was never enrolled, yet ${found(a)} signed for them`,
  ),
  'identity-differs': row(
    'identities',
    (a) => `${found(a)} signed for ${who(a)}, who has another e-mail`,
  ),
  'account-on-two-people': row(
    'identities',
    (a) => `An account of ${who(a)} was enrolled for ${expected(a)} before`,
  ),
  'email-on-two-people': row(
    'identities',
    (a) => `The e-mail of ${who(a)} was enrolled for ${expected(a)} before`,
  ),
  'account-rebound': row(
    'identities',
    (a) => `An account of ${who(a)} was enrolled again with another e-mail`,
  ),
  'size-differs': row(
    'inclusion',
    (a) => `The checkpoint is of ${expected(a)} entries; the export has ${found(a)}`,
  ),
  'root-differs': row('inclusion', () => 'The entries do not give the root of the checkpoint'),
  'checkpoint-refused': row(
    'checkpoint',
    (a) => `The checkpoint is not one of this log under a pinned key: ${noteReason(found(a))}`,
  ),
  'log-key-not-pinned': row(
    'checkpoint',
    (a) => `The log names the key ${found(a)}, which is not among those pinned`,
  ),
  'rotation-checkpoint-missing': row(
    'checkpoint',
    () => 'No checkpoint that both keys sign stands behind the rotation of the log key',
  ),
  'rotation-checkpoint-wrong': row(
    'checkpoint',
    (a) => `The checkpoint behind the rotation of the log key is not signed by ${expected(a)}`,
  ),
  'saved-checkpoint-refused': row(
    'consistency',
    (a) =>
      `The saved checkpoint is not one of this log under a pinned key: ${noteReason(found(a))}`,
  ),
  'saved-checkpoint-ahead': row(
    'consistency',
    (a) => `The saved checkpoint covers ${expected(a)} entries; the export has only ${found(a)}`,
  ),
  'saved-root-differs': row(
    'consistency',
    (a) => `The first ${found(a)} entries are not those of the saved checkpoint`,
  ),
  'cosignature-wrong': row(
    'witnesses',
    (a) =>
      `Under the checkpoint of ${found(a)} entries stands a cosignature in the name of a pinned witness that is not by its key`,
  ),
} satisfies Record<string, Row>;

/** Everything that can be wrong with an export. Closed. */
export type FindingCode = keyof typeof FINDINGS | keyof typeof SIGN_IN_FINDINGS | ViolationCode;

const ROWS: { readonly [Code in FindingCode]: Row } = {
  ...FINDINGS,
  ...SIGN_IN_FINDINGS,
  ...RULES,
};

/** All codes, as a list. */
export const FINDING_CODES = Object.keys(ROWS) as readonly FindingCode[];

/** The step that a finding refuses. */
export const stepOf = (code: FindingCode): StepName => ROWS[code].step;

/** A finding in words for people. */
export const wordsFor = (code: FindingCode, about: About): string => ROWS[code].words(about);
