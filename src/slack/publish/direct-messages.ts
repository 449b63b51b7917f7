import { accountKey, type Account } from '#application/ports/account';
import { PublishFailed } from '#application/ports/surface';
import type { Installation } from '../clients/installations.ts';
import { failureBeforePost } from './publish-failure.ts';

/** Ids of the conversations with people. `chat.update` takes no user id, and an id never changes. */
export class DirectMessages {
  readonly #channels = new Map<string, string>();

  /** @throws PublishFailed. */
  async channelWith({ clients }: Installation, account: Account): Promise<string> {
    const key = accountKey(account);
    const known = this.#channels.get(key);
    if (known !== undefined) return known;
    const channel = await open(clients, account);
    this.#channels.set(key, channel);
    return channel;
  }

  forget(account: Account): void {
    this.#channels.delete(accountKey(account));
  }
}

async function open(clients: Installation['clients'], { user }: Account): Promise<string> {
  try {
    const { channel } = await clients.delivery.conversations.open({ users: user });
    if (channel?.id !== undefined) return channel.id;
  } catch (error) {
    throw failureBeforePost(error, 'conversations.open');
  }
  throw new PublishFailed('unavailable', null);
}
