import { doubts } from '#application/policy/doubts';
import type { Finding, Path } from '#application/policy/mistake';
import { accountKey, type Account } from '#application/ports/account';
import type { PolicyVersion } from '#application/ports/policy-version';
import type { Standing } from '#domain/policy/look-up';
import { failureText, type PolicyLookedUp } from './workspace.ts';

/** What the workspace says of the people and groups of a policy, each with its place in the document. */
export function workspaceFindings(
  version: Pick<PolicyVersion, 'content' | 'directory'>,
  looked: PolicyLookedUp,
): readonly Finding[] {
  const { groups, people } = version.directory;
  // What the document alone shows was said without a workspace.
  const known = new Set(doubts(version).map((one) => JSON.stringify(one)));
  const written = Object.entries(groups).filter(([group]) => !group.startsWith('@'));
  return [
    ...people.flatMap(({ accounts }, index) =>
      accounts.flatMap((account, place) =>
        accountFinding(['people', index, 'slack', place], account, looked),
      ),
    ),
    ...written.flatMap(([group, { sources }]) =>
      sources.flatMap((source): readonly Finding[] => {
        if (source.kind === 'slack-usergroup')
          return groupFinding(['groups', group, 'slack_usergroup'], source, looked);
        const [key, accounts] =
          source.kind === 'accounts'
            ? (['slack', source.accounts] as const)
            : (['fallback', source.fallback] as const);
        return accounts.flatMap((account, place) =>
          accountFinding(['groups', group, key, place], account, looked),
        );
      }),
    ),
    ...doubts(version, looked.members).filter((one) => !known.has(JSON.stringify(one))),
  ];
}

const STANDINGS: Readonly<Record<Exclude<Standing, 'member'>, string>> = {
  guest: 'is a guest, who can neither ask nor decide',
  deactivated: 'was deactivated, so it counts for nobody',
  bot: 'is an app or a bot, which can neither ask nor decide',
  foreign: 'is of another organisation, whose people can neither ask nor decide',
  unknown: 'is nobody whom Slack knows in this workspace',
};

function accountFinding(path: Path, account: Account, looked: PolicyLookedUp): readonly Finding[] {
  const profile = looked.profiles.get(accountKey(account));
  if (profile === undefined) return [];
  const at = { path, at: 'value' } as const;
  if ('standing' in profile) {
    if (profile.standing === 'member') return [];
    const message = `\`${account.user}\` ${STANDINGS[profile.standing]}`;
    return [{ ...at, message, remedy: 'Write the account of a member, or remove it.' }];
  }
  if (profile.kind === 'refused' && profile.error === 'user_not_found') {
    const message = `\`${account.user}\` ${STANDINGS.unknown}`;
    return [{ ...at, message, remedy: 'Copy the member id from their profile in Slack.' }];
  }
  const message = `Slack does not say who \`${account.user}\` is (${failureText(profile)})`;
  return [{ ...at, message, remedy: 'Try again; if it stays so, compare the scopes of the app.' }];
}

function groupFinding(
  path: Path,
  { team, usergroup }: { readonly team: string; readonly usergroup: string },
  looked: PolicyLookedUp,
): readonly Finding[] {
  const failed = looked.groupsFailed.get(`${team}/${usergroup}`);
  if (failed === undefined) return [];
  const message = `Slack does not give the members of \`${usergroup}\` (${failureText(failed)})`;
  const remedy = 'Copy the id of the user group (S…); the app needs the scope usergroups:read.';
  return [{ path, at: 'value', message, remedy }];
}
