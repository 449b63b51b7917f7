import type { Account } from '#application/ports/account';
import type { MessageRef } from '#application/ports/press';
import { PublishFailed, type Recipient } from '#application/ports/surface';
import type { RenderedMessage } from '../block-kit/check.ts';
import type { Installation } from '../clients/installations.ts';
import { isRefusedAs, publishFailure } from './publish-failure.ts';

/** The message, or the conversation around it, is there no more. */
const NOT_THERE: ReadonlySet<string> = new Set([
  'message_not_found',
  'channel_not_found',
  'is_inactive',
]);
const NO_THREAD: ReadonlySet<string> = new Set(['thread_not_found', 'cannot_reply_to_message']);
const NO_EPHEMERAL: ReadonlySet<string> = new Set([
  'channel_not_found',
  'is_archived',
  'not_in_channel',
  'user_not_in_channel',
  'messages_tab_disabled',
  'ekm_access_denied',
]);

/** A card with what Slack keeps beside it. */
export interface MarkedMessage extends RenderedMessage {
  readonly metadata?: {
    readonly event_type: string;
    readonly event_payload: { readonly surface: string };
  };
}

/** @throws WebAPICallError. */
export async function update(
  { clients }: Installation,
  { channel, ts }: MessageRef,
  { text, blocks }: RenderedMessage,
): Promise<MessageRef> {
  await clients.delivery.chat.update({ channel, ts, text, blocks });
  return { channel, ts };
}

/**
 * Bot tokens delete their own messages (docs.slack.dev/reference/methods/chat.delete).
 * @throws WebAPICallError.
 */
export async function remove(
  { clients }: Installation,
  { channel, ts }: MessageRef,
): Promise<void> {
  try {
    await clients.delivery.chat.delete({ channel, ts });
  } catch (error) {
    if (!isRefusedAs(error, NOT_THERE)) throw error;
  }
}

/** @throws PublishFailed. */
export async function post(
  { clients }: Installation,
  to: { readonly channel: string; readonly thread_ts?: string },
  message: MarkedMessage,
): Promise<MessageRef> {
  try {
    const { ts, channel } = await clients.delivery.chat.postMessage({
      ...to,
      ...message,
      unfurl_links: false,
      unfurl_media: false,
    });
    if (ts !== undefined) return { channel: channel ?? to.channel, ts };
  } catch (error) {
    throw publishFailure(error);
  }
  throw new PublishFailed('unanswered', null);
}

/** In the thread; in the channel itself if the thread's first message was deleted. @throws PublishFailed. */
export async function postInThread(
  installation: Installation,
  { channel, parent }: Extract<Recipient, { kind: 'thread' }>,
  message: MarkedMessage,
): Promise<MessageRef> {
  try {
    return await post(installation, { channel, thread_ts: parent }, message);
  } catch (error) {
    if (error instanceof PublishFailed && isRefusedAs(error.cause, NO_THREAD)) {
      return post(installation, { channel }, message);
    }
    throw error;
  }
}

/** Whether it could be shown there; the caller writes to the person otherwise. @throws PublishFailed. */
export async function postEphemeral(
  { clients }: Installation,
  { user }: Account,
  { channel }: MessageRef,
  { text, blocks }: RenderedMessage,
): Promise<boolean> {
  try {
    await clients.interactive.chat.postEphemeral({ channel, user, text, blocks });
    return true;
  } catch (error) {
    if (isRefusedAs(error, NO_EPHEMERAL)) return false;
    throw publishFailure(error, 'chat.postEphemeral');
  }
}
