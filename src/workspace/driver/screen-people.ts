import type { PersonOnScreen, Standing } from '../wire.ts';
import type { WorkspaceState } from '../state.ts';
import type { User } from '../store/directory.ts';

const SLACKBOT = 'USLACKBOT';

/** A person as the page shows them. */
export function personOnScreen(state: WorkspaceState, user: User): PersonOnScreen {
  return {
    id: user.id,
    handle: user.name,
    name: user.realName,
    team: state.directory.teams.get(user.teamId)?.name ?? '',
    tz: user.tz ?? 'UTC',
    standing: standingOf(state, user),
  };
}

/** What somebody is, seen from the workspace's home: another company's member is external there. */
function standingOf({ directory }: WorkspaceState, user: User): Standing {
  if (user.deleted) return 'deactivated';
  if (user.isBot) return 'bot';
  if (user.isStranger || user.teamId !== directory.homeTeamId) return 'external';
  return user.isRestricted || user.isUltraRestricted ? 'guest' : 'member';
}

/** Everybody the page can be used as, the deactivated included: they are listed as such. */
export function personas(state: WorkspaceState): PersonOnScreen[] {
  return [...state.directory.users.values()]
    .filter(({ isBot }) => !isBot)
    .map((user) => personOnScreen(state, user));
}

/**
 * Whose names somebody may see. Members see their company and whoever shares a channel with them;
 * guests and people of other companies see only the latter.
 */
export function visiblePeople(state: WorkspaceState, me: User): PersonOnScreen[] {
  const beside = new Set(
    state.conversations
      .all()
      .filter(({ members }) => members.has(me.id))
      .flatMap(({ members }) => [...members]),
  );
  const isGuest = me.isRestricted || me.isUltraRestricted || me.isStranger;
  const seen = [...state.directory.users.values()].filter(
    ({ id, teamId }) => id === me.id || beside.has(id) || (!isGuest && teamId === me.teamId),
  );
  return [...seen.map((user) => personOnScreen(state, user)), slackbot(state, me)];
}

function slackbot(state: WorkspaceState, me: User): PersonOnScreen {
  const team = state.directory.teams.get(me.teamId)?.name ?? '';
  return {
    id: SLACKBOT,
    handle: 'slackbot',
    name: 'Slackbot',
    team,
    tz: 'UTC',
    standing: 'bot',
  };
}
