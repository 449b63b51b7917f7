import { shownMessage } from '../api/message-content.ts';
import type { JsonObject } from '../json.ts';
import type { Conversation } from '../store/conversations.ts';
import type { Message } from '../store/message.ts';
import type { StoredView } from '../store/view.ts';
import type { DriverContext } from './context.ts';

/** Payloads in the shapes of docs.slack.dev/reference/interaction-payloads. */
export function commandPayload(
  { state, user }: DriverContext,
  channel: Conversation,
  typed: { command: string; text: string; responsePath: string },
): JsonObject {
  const team = state.directory.team(channel.teamId);
  const names = { public: channel.name, private: 'privategroup', im: 'directmessage' };
  return {
    token: 'verification-token',
    team_id: team.id,
    team_domain: team.domain,
    channel_id: channel.id,
    channel_name: names[channel.kind],
    user_id: user.id,
    user_name: user.name,
    command: typed.command,
    text: typed.text,
    api_app_id: state.directory.app.id,
    ...(team.enterpriseId !== undefined && { enterprise_id: team.enterpriseId }),
    is_enterprise_install: String(isForAll(state, team.id)),
    response_url: state.origin + typed.responsePath,
    trigger_id: state.triggers.issue({ userId: user.id, teamId: team.id }),
  };
}

/** A press or choice in a message. An ephemeral message is named, not included. */
export function messageActionPayload(
  context: DriverContext,
  channel: Conversation,
  message: Message,
  action: JsonObject,
): JsonObject {
  const { state, user } = context;
  const isEphemeral = message.is_ephemeral === true;
  const responsePath = state.responseUrls.issue('actions', {
    teamId: message.team,
    channelId: channel.id,
    userId: user.id,
    original: { ts: message.ts, isEphemeral },
  });
  return {
    type: 'block_actions',
    ...common(context, message.team),
    container: {
      type: 'message',
      message_ts: message.ts,
      channel_id: channel.id,
      is_ephemeral: isEphemeral,
      ...(message.thread_ts !== undefined && { thread_ts: message.thread_ts }),
    },
    trigger_id: state.triggers.issue({ userId: user.id, teamId: message.team }),
    channel: { id: channel.id, name: channel.name },
    ...(!isEphemeral && { message: shownMessage(message) }),
    state: { values: structuredClone(state.selections.of(user.id, message)) },
    response_url: state.origin + responsePath,
    actions: [action],
  };
}

/** A press or change in a modal or Home tab. */
export function viewActionPayload(
  context: DriverContext,
  view: StoredView,
  action: JsonObject,
): JsonObject {
  return {
    type: 'block_actions',
    ...common(context, view.team_id),
    container: { type: 'view', view_id: view.id },
    trigger_id: viewTrigger(context, view),
    view: structuredClone(view),
    actions: [action],
  };
}

export function submissionPayload(context: DriverContext, view: StoredView): JsonObject {
  return {
    type: 'view_submission',
    ...common(context, view.team_id),
    trigger_id: viewTrigger(context, view),
    view: structuredClone(view),
    response_urls: [],
  };
}

export function closedPayload(
  context: DriverContext,
  view: StoredView,
  isCleared: boolean,
): JsonObject {
  return {
    type: 'view_closed',
    ...common(context, view.team_id),
    view: structuredClone(view),
    is_cleared: isCleared,
  };
}

export function eventPayload(
  { state }: Pick<DriverContext, 'state'>,
  teamId: string,
  event: JsonObject,
): JsonObject {
  const installed = state.directory.installationOf(teamId);
  const enterprise = state.directory.team(teamId).enterpriseId ?? null;
  const authorization = {
    enterprise_id: enterprise,
    team_id: teamId,
    user_id: installed?.botUserId,
    is_bot: true,
    is_enterprise_install: isForAll(state, teamId),
  };
  const seconds = Math.floor(state.clock.now() / 1000);
  return {
    token: 'verification-token',
    team_id: teamId,
    enterprise_id: enterprise,
    api_app_id: state.directory.app.id,
    type: 'event_callback',
    event_id: `Ev0${state.clock.now().toString(36).toUpperCase()}`,
    event_time: seconds,
    authorizations: [authorization],
    is_ext_shared_channel: false,
    event: { event_ts: `${seconds}.000100`, ...event },
  };
}

function viewTrigger({ state, user }: DriverContext, view: StoredView): string {
  return state.triggers.issue({ userId: user.id, teamId: view.team_id, viewId: view.id });
}

/** Who did it, where, in every interaction. */
export function common({ state, user }: DriverContext, teamId: string): JsonObject {
  const team = state.directory.team(teamId);
  const forAll = isForAll(state, teamId);
  return {
    // "When the app is installed using org-wide deployment, team property will be null."
    team: forAll ? null : { id: team.id, domain: team.domain },
    user: { id: user.id, username: user.name, name: user.name, team_id: user.teamId },
    api_app_id: state.directory.app.id,
    token: 'verification-token',
    enterprise:
      team.enterpriseId === undefined ? null : { id: team.enterpriseId, name: team.enterpriseId },
    is_enterprise_install: forAll,
  };
}

/** Whether the app is there because it was installed for the whole organisation. */
const isForAll = ({ directory }: DriverContext['state'], teamId: string): boolean =>
  directory.installationOf(teamId)?.enterpriseId !== undefined;
