import { z } from 'zod';
import type { Account } from '#application/ports/account';
import type { MessageRef } from '#application/ports/press';
import { stateValues } from '../forms/state-values.ts';

/**
 * What of Slack's payloads is read (docs.slack.dev/reference/interaction-payloads). The signature
 * or the socket vouches for them; the shapes are still checked.
 */
const who = {
  /** `null` where the app is installed for a whole organisation. */
  team: z.object({ id: z.string() }).nullish(),
  user: z.object({ id: z.string(), team_id: z.string().optional() }),
  trigger_id: z.string().min(1),
};

export const commandBody = z.object({
  team_id: z.string(),
  user_id: z.string(),
  text: z.string().default(''),
  trigger_id: z.string().min(1),
});

export const messagePress = z.object({
  ...who,
  container: z.object({ channel_id: z.string().optional(), message_ts: z.string().optional() }),
  state: z.object({ values: stateValues }).optional(),
  actions: z.tuple([
    z.object({
      action_id: z.string(),
      block_id: z.string().optional(),
      value: z.string().max(200).optional(),
    }),
  ]),
});
export type MessagePress = z.infer<typeof messagePress>;

/** A global or a message shortcut (docs.slack.dev/interactivity/implementing-shortcuts). */
export const shortcutPress = z.object({
  ...who,
  channel: z.object({ id: z.string(), name: z.string().optional() }).optional(),
  message: z.object({ text: z.string().default('') }).optional(),
});
export type ShortcutPress = z.infer<typeof shortcutPress>;

/** The shortcut on a message that goes into a timeline. */
export const markPress = z.object({
  ...who,
  channel: z.object({ id: z.string() }),
  message: z.object({
    ts: z.string().regex(/^\d{1,12}\.\d{1,9}$/),
    thread_ts: z.string().optional(),
    user: z.string().optional(),
    team: z.string().optional(),
    text: z.string().default(''),
  }),
});
export type MarkPress = z.infer<typeof markPress>;

/** The event of somebody who looks at the app, in the workspace that it was sent for. */
export const homeOpened = z.object({
  team_id: z.string(),
  event: z.object({ user: z.string(), tab: z.string() }),
});

const view = z.object({
  id: z.string(),
  hash: z.string(),
  callback_id: z.string(),
  private_metadata: z.string(),
  app_installed_team_id: z.string().optional(),
  state: z.object({ values: stateValues }),
});

export const viewPress = z.object({ ...who, view });
export const viewOptions = z.object({
  team: who.team,
  user: who.user,
  action_id: z.string(),
  value: z.string().default(''),
  view,
});

type Interaction = Pick<z.infer<typeof viewOptions>, 'team' | 'user'> & {
  readonly view?: { readonly app_installed_team_id?: string | undefined } | undefined;
};

/** The workspace that the app acts in: not the person's own, in a shared channel. */
export const workspaceOf = ({ view: shown, team, user }: Interaction): string =>
  shown?.app_installed_team_id ?? team?.id ?? user.team_id ?? '';

/** The person's account, in their own workspace. */
export const accountOf = ({ user, team }: Interaction): Account => ({
  team: user.team_id ?? team?.id ?? '',
  user: user.id,
});

export function messageRefOf(press: MessagePress): MessageRef | null {
  const { channel_id: channel, message_ts: ts } = press.container;
  if (channel === undefined || ts === undefined) return null;
  return { channel, ts, team: workspaceOf(press) };
}
