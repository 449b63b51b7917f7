import { z } from 'zod';
import type { Profile } from '#application/ports/directory';
import type { Standing } from '#domain/policy/look-up';
import type { Account } from '#application/ports/account';

/** What `users.info` says of a person (docs.slack.dev/reference/objects/user-object). */
export const slackUser = z.object({
  id: z.string(),
  team_id: z.string().optional(),
  name: z.string().optional(),
  real_name: z.string().optional(),
  deleted: z.boolean().optional(),
  is_bot: z.boolean().optional(),
  is_restricted: z.boolean().optional(),
  is_ultra_restricted: z.boolean().optional(),
  is_stranger: z.boolean().optional(),
  is_workflow_bot: z.boolean().optional(),
  is_connector_bot: z.boolean().optional(),
  is_invited_user: z.boolean().optional(),
  enterprise_user: z.object({ teams: z.array(z.string()).optional() }).optional(),
  profile: z
    .object({
      real_name: z.string().optional(),
      display_name: z.string().optional(),
      email: z.string().optional(),
    })
    .optional(),
});
export type SlackUser = z.infer<typeof slackUser>;

const SLACKBOT = 'USLACKBOT';

/** Whether the account may decide anything. What Slack leaves out is never read as a permission. */
function standingOf(user: SlackUser, { team }: Account): Standing {
  if (user.deleted === true) return 'deactivated';
  if (user.id === SLACKBOT || user.is_bot || user.is_workflow_bot || user.is_connector_bot) {
    return 'bot';
  }
  const teams = [user.team_id, ...(user.enterprise_user?.teams ?? [])];
  if (user.is_stranger === true || !teams.includes(team)) return 'foreign';
  // Members always carry both flags; without them the answer is not one about a member.
  if (user.is_restricted === undefined || user.is_ultra_restricted === undefined) return 'unknown';
  if (user.is_restricted || user.is_ultra_restricted || user.is_invited_user) return 'guest';
  return 'member';
}

export function profileOf(user: SlackUser, account: Account): Profile {
  const { profile, real_name: realName, name } = user;
  const names = [profile?.real_name, realName, profile?.display_name, name, account.user];
  return {
    standing: standingOf(user, account),
    name: names.find((one) => one !== undefined && one.trim() !== '') ?? account.user,
    email: profile?.email ?? null,
  };
}
