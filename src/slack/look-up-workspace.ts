import type { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Profile } from '#application/ports/directory';
import { callFailureOf, type CallFailure } from './clients/call-failure.ts';
import { slackClients } from './clients/slack-clients.ts';
import { slackLogger } from './clients/slack-logger.ts';
import { profileOf, slackUser } from './people/standing.ts';

export interface LookUpOptions {
  readonly botToken: string;
  readonly apiUrl: string | null;
  readonly log: Logger;
}

export interface WorkspaceLookUps {
  /** Of whom the bot token is. */
  readonly team: string;
  /** The members of a user group of this workspace, by their ids. */
  members(usergroup: string): Promise<readonly string[] | CallFailure>;
  profile(user: string): Promise<Profile | CallFailure>;
}

const memberIds = z.object({ users: z.array(z.string()) });

/** Looks at one workspace by its bot token, for a command; posts nothing. One try a call. */
export async function lookUpWorkspace(
  options: LookUpOptions,
): Promise<WorkspaceLookUps | CallFailure> {
  const { botToken, apiUrl, log } = options;
  const { lookUps } = slackClients({
    botToken,
    logger: slackLogger(log),
    ...(apiUrl === null ? {} : { apiUrl }),
  });
  const team = await answerOf(async () => (await lookUps.auth.test()).team_id ?? '');
  return typeof team === 'string' ? workspace(lookUps, team) : team;
}

function workspace(lookUps: WebClient, team: string): WorkspaceLookUps {
  return {
    team,
    members: (usergroup) =>
      answerOf(
        async () => memberIds.parse(await lookUps.usergroups.users.list({ usergroup })).users,
      ),
    profile: (user) =>
      answerOf(async () => {
        const answer = await lookUps.users.info({ user });
        return profileOf(slackUser.parse(answer.user), { team, user });
      }),
  };
}

/** An answer in another form than Slack documents is none. */
async function answerOf<T>(ask: () => Promise<T>): Promise<T | CallFailure> {
  try {
    return await ask();
  } catch (error) {
    return error instanceof z.ZodError ? { kind: 'unanswered' } : callFailureOf(error);
  }
}
