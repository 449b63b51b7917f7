import { accountKey, type Account } from '#application/ports/account';
import type { Profile } from '#application/ports/directory';
import type { PolicyDirectory } from '#application/ports/policy-version';
import { sourceKey, type LookedUp } from '#application/policy/explain/group-people';
import type { CallFailure } from '#slack/clients/call-failure';
import type { WorkspaceLookUps } from '#slack/look-up-workspace';
import { UsageError } from '../report-failure.ts';
import type { Names } from './question-words.ts';
import { readPolicy } from './read-policy.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What Slack says of the people and groups that a policy names. */
export interface PolicyLookedUp {
  readonly team: string;
  readonly members: LookedUp;
  readonly profiles: ReadonlyMap<string, Profile | CallFailure>;
  readonly names: Names;
  /** User groups that Slack does not know or does not show, by `team/id`. */
  readonly groupsFailed: ReadonlyMap<string, CallFailure>;
}

/** So that a command over a large workspace ends: each is a call, and Slack limits them. */
const MOST_PEOPLE = 300;

/** @throws UsageError where no token is at hand, or Slack does not take it. */
async function openWorkspace(env: Environment): Promise<WorkspaceLookUps> {
  const botToken = env['SLACK_BOT_TOKEN'];
  if (botToken === undefined || botToken === '')
    throw new UsageError('--workspace needs SLACK_BOT_TOKEN, the bot token (xoxb-…).');
  const [{ lookUpWorkspace }, { pino }] = await Promise.all([
    import('#slack/look-up-workspace'),
    import('pino'),
  ]);
  const log = pino({ level: 'silent' });
  const opened = await lookUpWorkspace({ botToken, apiUrl: env['SLACK_API_URL'] ?? null, log });
  if ('team' in opened) return opened;
  throw new UsageError(`Slack does not take SLACK_BOT_TOKEN (${failureText(opened)}).`);
}

export const failureText = (failure: CallFailure): string =>
  failure.kind === 'refused' ? failure.error : failure.kind;

/** Looks up all user groups and people of home that the document names. @throws UsageError */
export async function lookUpForPolicy(env: Environment, file: string): Promise<PolicyLookedUp> {
  const opened = await openWorkspace(env);
  // Which workspace an account without a team is of is known only now.
  const { team } = opened;
  const { directory } = (await readPolicy(file, team)).version;
  const { members, groupsFailed } = await lookUpGroups(opened, directory);
  const profiles = new Map<string, Profile | CallFailure>();
  const names = new Map<string, string>();
  for (const account of accountsOf(directory, members, team)) {
    const key = accountKey(account);
    const profile = await opened.profile(account.user);
    profiles.set(key, profile);
    if ('name' in profile) names.set(key, profile.name);
  }
  return { team, members, profiles, names, groupsFailed };
}

async function lookUpGroups(
  opened: WorkspaceLookUps,
  { groups }: PolicyDirectory,
): Promise<Pick<PolicyLookedUp, 'members' | 'groupsFailed'>> {
  const members = new Map<string, readonly Account[]>();
  const groupsFailed = new Map<string, CallFailure>();
  for (const source of Object.values(groups).flatMap(({ sources }) => sources)) {
    if (source.kind !== 'slack-usergroup' || source.team !== opened.team) continue;
    const found = await opened.members(source.usergroup);
    if ('kind' in found) groupsFailed.set(`${source.team}/${source.usergroup}`, found);
    else
      members.set(
        sourceKey(source),
        found.map((user) => ({ team: source.team, user })),
      );
  }
  return { members, groupsFailed };
}

/** Each once; those that the document itself lists first. */
function accountsOf(
  { groups, people }: PolicyDirectory,
  members: LookedUp,
  team: string,
): readonly Account[] {
  const sources = Object.values(groups).flatMap((group) => group.sources);
  const all = [
    ...people.flatMap(({ accounts }) => accounts),
    ...sources.flatMap((source) => {
      if (source.kind === 'accounts') return source.accounts;
      return source.kind === 'slack-usergroup' ? [] : source.fallback;
    }),
    ...[...members.values()].flat(),
  ].filter((account) => account.team === team);
  return [...new Map(all.map((one) => [accountKey(one), one])).values()].slice(0, MOST_PEOPLE);
}
