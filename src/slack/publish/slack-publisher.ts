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
  type ThreadMessage,
  type ThreadOf,
} from '#application/ports/surface';
import type { TenantId } from '#domain/ids';
import type { RenderedMessage } from '../block-kit/check.ts';
import { markedCard } from '../cards/card-mark.ts';
import { renderNote } from '../cards/render-note.ts';
import { renderReplaced } from '../cards/render-replaced.ts';
import { renderSurface } from '../cards/render-surface.ts';
import { renderWithdrawn } from '../cards/render-withdrawn.ts';
import { renderThreadMessage } from '../cards/render-thread.ts';
import type { Installation, Installations } from '../clients/installations.ts';
import { DirectMessages } from './direct-messages.ts';
import { expectInternal } from './expect-internal.ts';
import { InternalChannels } from './internal-channels.ts';
import { installedFor } from './installed-for.ts';
import { post, postEphemeral, postInThread, remove, update } from './messages.ts';
import { isRefusedAs, publishFailure } from './publish-failure.ts';
import type { Words } from '../words/words.ts';

/** The message is there no more, or can be edited no more: the state is shown by a new one. */
const POST_ANEW: ReadonlySet<string> = new Set([
  'message_not_found',
  'edit_window_closed',
  'cant_update_message',
]);
/** A conversation with a person can be opened again; a channel that is gone stays gone. */
const GONE: ReadonlySet<string> = new Set(['channel_not_found', 'is_archived', 'not_in_channel']);
const UNDELETABLE: ReadonlySet<string> = new Set([
  'cant_delete_message',
  'compliance_exports_prevent_deletion',
]);

/** Surfaces and private answers over `chat.*`. One try each: the outbox retries. */
export class SlackPublisher implements Publisher {
  readonly #installations: Installations;
  readonly #log: Logger;
  readonly #words: Words;
  readonly #direct = new DirectMessages();
  readonly #internal: InternalChannels;

  constructor(installations: Installations, log: Logger, words: Words, clock: () => number) {
    this.#installations = installations;
    this.#log = log;
    this.#internal = new InternalChannels(log, clock);
    this.#words = words;
  }

  async publish(surface: Surface, model: SurfaceModel): Promise<MessageRef> {
    const message = this.#rendered(() =>
      markedCard(surface, renderSurface(model, this.#words), this.#words),
    );
    const installation = await this.#installation(teamOf(surface.to), surface.tenant);
    const standing = surface.message;
    if (standing === null) return this.#post(installation, surface, message);
    if (surface.to.kind !== 'person') await this.#keepInside(installation, surface, standing);
    try {
      return await update(installation, standing, message);
    } catch (error) {
      if (!mustPostAnew(error, surface.to)) throw publishFailure(error, 'chat.update');
      if (surface.to.kind === 'person') this.#direct.forget(surface.to.account);
      this.#log.info({ surface: surface.id }, 'a card could not be edited and is posted anew');
      return this.#post(installation, surface, message);
    }
  }

  /** What stands in a channel that others read by now goes out of their sight. @throws PublishFailed. */
  async #keepInside(
    installation: Installation,
    surface: Surface,
    standing: MessageRef,
  ): Promise<void> {
    try {
      await this.#internal.expect(installation, standing.channel);
    } catch (error) {
      if (error instanceof PublishFailed && error.code === 'rejected')
        await this.#leave(installation, surface, standing, renderWithdrawn(this.#words));
      throw error;
    }
  }

  async retract(surface: Surface, copy: MessageRef): Promise<void> {
    const installation = await this.#installation(teamOf(surface.to), surface.tenant);
    try {
      await remove(installation, copy);
    } catch (error) {
      if (!isRefusedAs(error, UNDELETABLE)) throw publishFailure(error, 'chat.delete');
      await this.#leave(installation, surface, copy, renderReplaced(this.#words));
    }
  }

  async tell(
    account: Account,
    from: MessageRef | null,
    note: Note,
    tenant: TenantId,
  ): Promise<void> {
    const message = this.#rendered(() => renderNote(note, this.#words));
    // Somebody of another organisation presses in a shared channel, and is answered there.
    const near = from && (await this.#installation(from.team ?? account.team, tenant));
    if (near && from && (await postEphemeral(near, account, from, message))) return;
    const installation = await this.#installation(account.team, tenant);
    const channel = await this.#direct.channelWith(installation, account);
    await post(installation, { channel }, message);
  }

  async say(
    { to, message: { channel, ts } }: ThreadOf,
    said: ThreadMessage,
    tenant: TenantId,
  ): Promise<void> {
    const message = this.#rendered(() => renderThreadMessage(said, this.#words));
    const team = teamOf(to);
    const installation = await this.#installation(team, tenant);
    if (to.kind !== 'person') await expectInternal(installation, channel, this.#log);
    await postInThread(installation, { kind: 'thread', team, channel, parent: ts }, message);
  }

  /** In place of what must not stay and cannot be deleted: it decides nothing and offers nothing. */
  async #leave(
    installation: Installation,
    { id }: Surface,
    message: MessageRef,
    left: RenderedMessage,
  ): Promise<void> {
    try {
      await update(installation, message, left);
    } catch (error) {
      if (!isRefusedAs(error, 'any')) throw publishFailure(error, 'chat.update');
      this.#log.warn({ surface: id }, 'a card can be neither deleted nor edited');
    }
  }

  async #post(installation: Installation, surface: Surface, message: RenderedMessage) {
    const marked = { ...message, metadata: metadataOf(surface) };
    const { to } = surface;
    switch (to.kind) {
      case 'channel':
        await expectInternal(installation, to.channel, this.#log);
        return post(installation, { channel: to.channel }, marked);
      case 'thread':
        await expectInternal(installation, to.channel, this.#log);
        return postInThread(installation, to, marked);
      case 'person': {
        const channel = await this.#direct.channelWith(installation, to.account);
        return post(installation, { channel }, marked);
      }
    }
  }

  #installation(team: string, tenant: TenantId): Promise<Installation> {
    return installedFor(this.#installations, team, tenant, this.#log);
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
  return isRefusedAs(error, POST_ANEW) || (to.kind === 'person' && isRefusedAs(error, GONE));
}
