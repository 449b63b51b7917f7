import type { AlarmNotice } from '#application/ports/alarm';
import { code } from '../block-kit/text.ts';
import { counted } from './lists.ts';
import { timeOf } from './times.ts';

/** An alarm in words: what is wrong, what it means, what to do next. mrkdwn. */
export function alarmWords({ code: what, about, raisedAt, clearedAt }: AlarmNotice): string {
  const words = WORDS[what](about);
  if (clearedAt === null) return words;
  return `Over. What it was: ${words} It began at ${timeOf(raisedAt)} and was over at ${timeOf(clearedAt)}.`;
}

type About = AlarmNotice['about'];

/** A name in code style; a number as it is. */
function named(about: About, name: string): string {
  const said = about[name] ?? '?';
  return typeof said === 'number' ? String(said) : code(said);
}

const minutesOf = ({ minutes }: About): string =>
  typeof minutes === 'number' ? counted(minutes, 'minute') : 'some minutes';

/** A channel by the name that its readers know it by; what is no id of one is shown as it is. */
function channelOf(about: About): string {
  const id = String(about['channel']);
  return /^[CG][A-Z0-9]{2,30}$/.test(id) ? `<#${id}>` : named(about, 'channel');
}

const COMPARE =
  'Export the log and verify it against a checkpoint that you saved earlier (`breakglass audit verify --checkpoint`).';

/** What is wrong with a gate of kind `github`, and what to do. */
function unusableFor(why: string): string {
  switch (why) {
    case 'no-app':
      return `this service has no GitHub App. Set ${code('GITHUB_APP_ID')} and what belongs to it, or write ${code('kind: http')} where the jobs ask by themselves.`;
    case 'key-refused':
      return `GitHub does not take the key of the App. Compare ${code('GITHUB_APP_ID')} and ${code('GITHUB_APP_KEY_FILE')} with the App's settings.`;
    case 'not-installed':
      return 'there is no repository of that name, or the App is not installed on it. Install it there.';
    case 'permissions':
      return 'the installation of the App is suspended, or was not given all its permissions. Approve them in its settings.';
    case 'approval-refused':
      return 'a job waits there, and GitHub does not let the App approve it. See that the App may write deployments, and that its rule is enabled on that environment.';
    case 'another-repository':
      return `the repository of that name has another id or owner than the policy says. Find out whether it was renamed, handed over or made anew, and write what is right.`;
    default:
      return `its setting ${code(why)} in the policy is missing, or cannot stand there. Apply a policy with the right one.`;
  }
}

const WORDS: Readonly<Record<AlarmNotice['code'], (about: About) => string>> = {
  'witness-inconsistent': (about) =>
    `The witness ${named(about, 'witness')} refuses this log: what it saw at ${named(about, 'seen')} entries is no beginning of the log at ${named(about, 'size')}. Entries that it had seen were changed or removed, or there are two logs under one name. Treat the log as tampered with until this is explained. ${COMPARE}`,
  'witness-ahead': (about) =>
    `The witness ${named(about, 'witness')} has seen ${named(about, 'seen')} entries of this log, and there are ${named(about, 'size')}. The log was rolled back, by a restored backup for one, or there are two logs under one name. ${COMPARE}`,
  'witness-unknown-log': (about) =>
    `The witness ${named(about, 'witness')} does not know the log ${named(about, 'origin')} (404), so it vouches for nothing. Have its operator add this log with its key.`,
  'witness-unknown-key': (about) =>
    `The witness ${named(about, 'witness')} does not accept the key that this log signs with (403), so it vouches for nothing. After a rotation, give its operator the new log key. If nobody rotated it, find out who did.`,
  'witness-request-refused': (about) =>
    `The witness ${named(about, 'witness')} finds our checkpoint malformed (${named(about, 'status')}), so it vouches for nothing. Check its address; else this is a mistake of this service.`,
  'witness-answer-wrong': (about) =>
    `The witness ${named(about, 'witness')} answered what is no cosignature of its key (${named(about, 'status')}), so it vouches for nothing. Check its verifier key and its address.`,
  'witness-unreachable': (about) =>
    `The witness ${named(about, 'witness')} has not answered for ${minutesOf(about)}. Nobody outside vouches for the newest entries. It is tried again by itself.`,
  'channel-unreachable': (about) =>
    `No checkpoint could be posted to ${channelOf(about)} for ${minutesOf(about)}. See that the app is a member of it; it is tried again by itself.`,
  'mail-unreachable': (about) =>
    `No checkpoint could be mailed for ${minutesOf(about)}. Check the mail settings; it is tried again by itself.`,
  'account-unbound': (about) =>
    `Somebody who runs this service took away the identity-provider account that ${named(about, 'person')} approves with. The next sign-in of theirs binds another one. If nobody of you asked for that, find out who did: the entry ${named(about, 'binding')} ended, and the one that ended it has the reason.`,
  'entry-provisional': (about) =>
    `An approval (entry ${named(about, 'index')}) is signed by the service's own key alone for ${minutesOf(about)}: Sigstore has not attested it. It is tried again by itself; see whether Sigstore answers.`,
  'workload-silent': (about) =>
    `The service's own identity does not vouch for the log (it last did: ${named(about, 'last')}), so nobody outside sees whether its keys were exchanged. It is tried again each minute. See that its token can be read and that its Fulcio answers: the service's log says what failed.`,
  'press-forged': (about) =>
    `A press (${named(about, 'press')}) stands in the database that this service did not store as it stands: somebody wrote it there, changed it, or started the service with another key-encryption key. It changed nothing, and the person it names was told so. Find out who writes to the database.`,
  'gate-not-pushed': (about) =>
    `The gate ${named(about, 'gate')} could not be brought to what holds now (${named(about, 'why')}): a new bypass may not work there yet, and one that was revoked ends at its expiry at the latest. It is tried again each minute. See that the gate's system answers and that it is watched; the service's log says what failed.`,
  'gate-without-adapter': (about) =>
    `The gate ${named(about, 'gate')} is of kind ${named(about, 'kind')}, and this service is not set up to reach one: a bypass of it changes nothing there. Set the service up for it, or write ${code('kind: http')} where the gate asks by itself.`,
  'gate-unusable': (about) =>
    `The gate ${named(about, 'gate')} cannot be used at GitHub: ${unusableFor(String(about['why']))} Until then no bypass opens it there, and nobody can see whether it enforces.`,
  'deliveries-behind': (about) =>
    `GitHub lists more deliveries that never came than could be read at once (${named(about, 'taken')} were taken so far), so jobs wait there that were not answered yet. It goes on by itself each minute, from where it stopped. See why GitHub's webhook does not arrive.`,
  'gate-open': (about) =>
    `The gate ${named(about, 'gate')} still lets deploys through by a bypass that has ended (${named(about, 'bypass')}). Close it by hand, in its own system. It is looked at each minute.`,
  'deploy-out-of-band': (about) =>
    `The deploy ${named(about, 'deploy')} of ${named(about, 'service')} in ${named(about, 'environment')} went past the gate ${named(about, 'gate')} under no bypass that is active (named: ${named(about, 'bypass')}). Nobody approved it, or it was told only after its bypass had ended. Find out who deployed and how.`,
  'provenance-differs': (about) =>
    about['result'] === 'other-digest'
      ? `What lies at the address that the deploy ${named(about, 'deploy')} of ${named(about, 'service')} in ${named(about, 'environment')} named as its provenance is not what it named, by its digest (gate ${named(about, 'gate')}, bypass ${named(about, 'bypass')}). Either it was replaced there, or the deploy told something else. Find out what was deployed, and who built it.`
      : `The provenance that the deploy ${named(about, 'deploy')} of ${named(about, 'service')} in ${named(about, 'environment')} named is of other artifacts than the one that it deployed (gate ${named(about, 'gate')}, bypass ${named(about, 'bypass')}). Find out what was deployed, and who built it.`,
  'watch-unreadable': (about) =>
    `What gates of kind ${named(about, 'kind')} tell of deploys cannot be read, so deploys under a bypass may be missing from the log. See that nothing is masked in what they send, and that they send all of it.`,
  'installation-ended': (about) =>
    `The app was taken out of ${named(about, 'name')}, or its token was revoked. Bypasses there still end in time and deploys are still decided, but nobody can ask, approve or be told. Install it again with a new invitation (${code('breakglass tenant invite')}).`,
  'on-call-unknown': (about) =>
    `PagerDuty does not say who is on call for the group ${named(about, 'group')}, so nobody of it can be asked or approve. Check the id in the policy and the token (${code('PAGERDUTY_API_TOKEN')}); the service's log says what PagerDuty answered. It is looked at again every ten minutes.`,
  'on-call-unlisted': (about) =>
    `On call for the group ${named(about, 'group')} by PagerDuty is somebody whom the policy does not know (${named(about, 'users')}): they are not asked and cannot approve. List them under ${code('people')} with ${code('slack')} and ${code('pagerduty')}.`,
  'log-rolled-back': (about) =>
    `The log had ${named(about, 'seen')} entries, and those are not what it has now (${named(about, 'size')}): the database was restored to an earlier time, or changed. Nothing is recorded, every gate enforces, and no bypass opens until somebody who runs this service finds out what happened and acknowledges it (${code('breakglass log acknowledge')}). ${COMPARE}`,
  'jobs-dead-lettered': (about) =>
    `Jobs of the queue ${named(about, 'queue')} failed for the last time (${named(about, 'jobs')} when this was found) and are not tried again: what they were to do is not done, and more may follow. The service's log says why each failed; what is missing stands in its operations guide, under “Jobs that failed”.`,
};
