import type { Logger } from 'pino';
import { PublishFailed } from '#application/ports/surface';
import type { Installation } from '../clients/installations.ts';
import { askStanding, type ChannelStanding } from '../people/channel-standing.ts';
import { failureBeforePost, isRefusedAs } from './publish-failure.ts';

/**
 * A channel may have been shared with another organisation since it was chosen; then it gets no card.
 * What the scopes do not let us see is the policy's word. @throws PublishFailed.
 */
export async function expectInternal(
  { clients }: Installation,
  channel: string,
  log: Logger,
): Promise<void> {
  let standing: ChannelStanding;
  try {
    standing = await askStanding(clients.delivery, channel);
  } catch (error) {
    if (isRefusedAs(error, 'any')) return;
    throw failureBeforePost(error, 'conversations.info');
  }
  if (standing !== 'shared') return;
  log.error({ channel }, 'a channel is shared with another organisation: it gets no card');
  throw new PublishFailed('rejected', null);
}
