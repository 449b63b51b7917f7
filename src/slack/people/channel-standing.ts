import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { Logger } from 'pino';
import { callFailureOf } from '../clients/call-failure.ts';
import type { Installations } from '../clients/installations.ts';

/** Whether a channel may follow a bypass. `shared`: another organisation reads it, or is invited to. */
export type ChannelStanding = 'ok' | 'shared' | 'unreachable';

const channelAnswer = z.object({
  channel: z.object({
    is_ext_shared: z.boolean().optional(),
    is_pending_ext_shared: z.boolean().optional(),
    is_archived: z.boolean().optional(),
    is_member: z.boolean().optional(),
  }),
});

/**
 * By `conversations.info` (scope `channels:read`, for private channels `groups:read`). Fails
 * closed: what cannot be seen is `unreachable`, since it may be shared.
 */
export async function channelStanding(
  installations: Installations,
  log: Logger,
  team: string,
  channel: string,
): Promise<ChannelStanding> {
  try {
    const found = await installations.find(team);
    return found === null ? 'unreachable' : await askStanding(found.clients.interactive, channel);
  } catch (error) {
    log.warn({ failure: callFailureOf(error), channel }, 'a channel could not be looked at');
    return 'unreachable';
  }
}

/** @throws WebAPICallError, ZodError where Slack does not say. */
export async function askStanding(client: WebClient, channel: string): Promise<ChannelStanding> {
  const { channel: found } = channelAnswer.parse(await client.conversations.info({ channel }));
  if (found.is_ext_shared || found.is_pending_ext_shared) return 'shared';
  return found.is_archived || found.is_member !== true ? 'unreachable' : 'ok';
}
