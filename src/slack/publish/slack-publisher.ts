import type { Logger } from 'pino';
import type { Account } from '#application/ports/account';
import type { MessageRef } from '#application/ports/press';
import {
  PublishFailed,
  type Note,
  type Publisher,
  type Recipient,
  type Surface,
  type SurfaceModel,
} from '#application/ports/surface';
import type { RenderedMessage } from '../block-kit/check.ts';
import { renderNote } from '../cards/render-note.ts';
import { renderSurface } from '../cards/render-surface.ts';
import { callFailureOf } from '../clients/call-failure.ts';
import type { Installation, Installations } from '../clients/installations.ts';
import { DirectMessages } from './direct-messages.ts';
import { publishFailure } from './publish-failure.ts';

/** The message is there no more, or can be edited no more: the state is shown by a new one. */
const POST_ANEW: ReadonlySet<string> = new Set([
  'message_not_found',
  'edit_window_closed',
  'cant_update_message',
]);
/** A conversation with a person can be opened again; a channel that is gone stays gone. */
const GONE: ReadonlySet<string> = new Set(['channel_not_found', 'is_archived', 'not_in_channel']);
const NO_THREAD: ReadonlySet<string> = new Set(['thread_not_found', 'cannot_reply_to_message']);
const NO_EPHEMERAL: ReadonlySet<string> = new Set([
  ...GONE,
  'user_not_in_channel',
  'messages_tab_disabled',
  'ekm_access_denied',
]);

/** Surfaces and private answers over `chat.*`. One try each: the outbox retries. */
export class SlackPublisher implements Publisher {
  readonly #installations: Installations;
  readonly #log: Logger;
  readonly #direct = new DirectMessages();

  constructor(installations: Installations, log: Logger) {
    this.#installations = installations;
    this.#log = log;
  }

  async publish(surface: Surface, model: SurfaceModel): Promise<MessageRef> {
    const message = this.#rendered(() => renderSurface(model));
    const installation = this.#installation(teamOf(surface.to));
    const standing = surface.message;
    if (standing === null) return this.#post(installation, surface, message);
    try {
      return await update(installation, standing, message);
    } catch (error) {
      if (!mustPostAnew(error, surface.to)) throw publishFailure(error);
      if (surface.to.kind === 'person') this.#direct.forget(surface.to.account);
      this.#log.info({ surface: surface.id }, 'a card could not be edited and is posted anew');
      return this.#post(installation, surface, message);
    }
  }

  async tell(account: Account, from: MessageRef | null, note: Note): Promise<void> {
    const message = this.#rendered(() => renderNote(note));
    const near = from && this.#installations.answering(account.team, from.channel);
    if (near && from && (await postEphemeral(near, account, from, message))) return;
    const installation = this.#installation(account.team);
    const channel = await this.#direct.channelWith(installation, account);
    await post(installation, { channel }, message);
  }

  async #post(installation: Installation, surface: Surface, message: RenderedMessage) {
    const marked = { ...message, metadata: metadataOf(surface) };
    const { to } = surface;
    switch (to.kind) {
      case 'channel':
        return post(installation, { channel: to.channel }, marked);
      case 'thread':
        return postInThread(installation, to, marked);
      case 'person': {
        const channel = await this.#direct.channelWith(installation, to.account);
        return post(installation, { channel }, marked);
      }
    }
  }

  #installation(team: string): Installation {
    const found = this.#installations.of(team);
    if (found) return found;
    this.#log.error({ team }, 'a message is for a workspace without this app');
    throw new PublishFailed('rejected', null);
  }

  /** A card that breaks Slack's limits is a mistake of ours: retrying cannot help it. */
  #rendered(render: () => RenderedMessage): RenderedMessage {
    try {
      return render();
    } catch (cause) {
      this.#log.error({ err: cause }, 'a message could not be rendered');
      throw new PublishFailed('rejected', null, { cause });
    }
  }
}

/** Any app of the workspace can read metadata: an opaque id and nothing else. */
const metadataOf = ({ id }: Surface) => ({
  event_type: 'breakglass_surface',
  event_payload: { surface: id },
});

const teamOf = (to: Recipient): string => (to.kind === 'person' ? to.account.team : to.team);

function mustPostAnew(error: unknown, to: Recipient): boolean {
  const failure = callFailureOf(error);
  if (failure.kind !== 'refused') return false;
  return POST_ANEW.has(failure.error) || (to.kind === 'person' && GONE.has(failure.error));
}

async function update(
  { clients }: Installation,
  { channel, ts }: MessageRef,
  { text, blocks }: RenderedMessage,
): Promise<MessageRef> {
  await clients.delivery.chat.update({ channel, ts, text, blocks });
  return { channel, ts };
}

/** @throws PublishFailed. */
async function post(
  { clients }: Installation,
  to: { readonly channel: string; readonly thread_ts?: string },
  message: RenderedMessage & { readonly metadata?: ReturnType<typeof metadataOf> },
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
  throw new PublishFailed('unavailable', null);
}

/** In the thread; in the channel itself if the thread's first message was deleted. @throws PublishFailed. */
async function postInThread(
  installation: Installation,
  { channel, parent }: Extract<Recipient, { kind: 'thread' }>,
  message: Parameters<typeof post>[2],
): Promise<MessageRef> {
  try {
    return await post(installation, { channel, thread_ts: parent }, message);
  } catch (error) {
    const failure = error instanceof PublishFailed ? callFailureOf(error.cause) : null;
    if (failure?.kind === 'refused' && NO_THREAD.has(failure.error)) {
      return post(installation, { channel }, message);
    }
    throw error;
  }
}

/** Whether it could be shown there; the caller writes to the person otherwise. @throws PublishFailed. */
async function postEphemeral(
  { clients }: Installation,
  { user }: Account,
  { channel }: MessageRef,
  { text, blocks }: RenderedMessage,
): Promise<boolean> {
  try {
    await clients.interactive.chat.postEphemeral({ channel, user, text, blocks });
    return true;
  } catch (error) {
    const failure = callFailureOf(error);
    if (failure.kind === 'refused' && NO_EPHEMERAL.has(failure.error)) return false;
    throw publishFailure(error);
  }
}
