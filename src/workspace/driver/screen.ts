import { isJsonObject, textOf } from '../json.ts';
import { own } from '../own.ts';
import type { StoredView } from '../store/view.ts';
import type { AppOnScreen, CommandOnScreen, Screen, ViewOnScreen } from '../wire.ts';
import type { DriverContext } from './context.ts';
import { channelOnScreen } from './screen-channel.ts';
import { personas, personOnScreen, visiblePeople } from './screen-people.ts';
import type { ReadMarks } from './screen-reads.ts';

/** What the app's manifest says about each slash command, by its name with the slash. */
export type CommandHints = Readonly<
  Record<string, { readonly description?: string; readonly usageHint?: string }>
>;

/** What a screen needs beside the person. */
export interface ScreenSources {
  readonly reads: ReadMarks;
  readonly hints: CommandHints;
}

/** Everything one person sees, as their client shows it. */
export function screenOf(context: DriverContext, sources: ScreenSources): Screen {
  const { state, user } = context;
  const { directory, conversations, changes, clock } = state;
  const team = directory.team(user.teamId);
  const app = appOnScreen(context, sources.hints);
  return {
    seq: changes.since().length,
    nowMs: clock.now(),
    team: { id: team.id, name: team.name },
    me: personOnScreen(state, user),
    people: visiblePeople(state, user),
    personas: personas(state),
    groups: [...directory.groups.values()].map(({ id, handle, name }) => ({ id, handle, name })),
    channels: conversations
      .all()
      .filter(({ members }) => members.has(user.id))
      .map((channel) => channelOnScreen(context, channel, sources.reads)),
    ...(app && { app }),
    views: state.views.stack(user.id).map(viewOnScreen),
  };
}

/** The app where its company installed it, or where it has written to the person all the same. */
function appOnScreen({ state, user }: DriverContext, hints: CommandHints): AppOnScreen | undefined {
  const { directory, conversations, views } = state;
  const installed =
    directory.installationOf(user.teamId) ??
    directory.installations.find(({ botUserId }) =>
      conversations.all().some((c) => c.kind === 'im' && isBetween(c.members, botUserId, user.id)),
    );
  if (!installed) return undefined;
  const home = views.home(user.id);
  return {
    id: directory.app.id,
    name: directory.app.name,
    botUserId: installed.botUserId,
    commands: directory.app.slashCommands.map((command) => commandOnScreen(command, hints)),
    shortcuts: (directory.app.shortcuts ?? []).map(({ type, ...rest }) => ({ on: type, ...rest })),
    ...(home && { home: viewOnScreen(home) }),
  };
}

function commandOnScreen(command: string, hints: CommandHints): CommandOnScreen {
  return { command, ...own(hints, command) };
}

function isBetween(members: ReadonlySet<string>, one: string, other: string): boolean {
  return members.has(one) && members.has(other);
}

function viewOnScreen(view: StoredView): ViewOnScreen {
  return {
    id: view.id,
    title: labelOf(view.title) ?? '',
    submit: labelOf(view.submit),
    close: labelOf(view.close),
    blocks: view.blocks,
    values: view.state.values,
    hash: view.hash,
  };
}

function labelOf(text: unknown): string | null {
  return isJsonObject(text) ? textOf(text['text']) : null;
}
