import type { SlackClients } from './slack-clients.ts';
import { SlackStartFailed } from '../slack-error.ts';
import { callFailureOf } from './call-failure.ts';
import type { Installation } from './installations.ts';

/** Asks Slack whose token it is. @throws SlackStartFailed. */
export async function verifyToken(clients: SlackClients): Promise<Installation> {
  const answer = await askWho(clients);
  const { team_id: team, user_id: botUserId, bot_id: botId } = answer;
  if (team === undefined || botUserId === undefined || botId === undefined) {
    throw new SlackStartFailed('bad-token', 'the token is not a bot token of one workspace');
  }
  return { team, botUserId, botId, clients };
}

/** Refuses an installation in any other workspace than the expected one. @throws SlackStartFailed. */
export function expectTeam({ team }: Installation, expected: string | null): void {
  if (expected === null || team === expected) return;
  const what =
    `the bot token is of the workspace ${team}, and this tenant's workspace is ${expected}. ` +
    `Start with the bot token of ${expected}: no start moves a tenant to another workspace`;
  throw new SlackStartFailed('another-workspace', what);
}

async function askWho(clients: SlackClients) {
  try {
    return await clients.delivery.auth.test();
  } catch (cause) {
    const failure = callFailureOf(cause);
    throw failure.kind === 'refused'
      ? new SlackStartFailed('bad-token', `Slack refuses the bot token (${failure.error})`, {
          cause,
        })
      : new SlackStartFailed('unreachable', 'Slack did not answer auth.test', { cause });
  }
}
