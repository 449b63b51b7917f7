import type { Logger } from 'pino';
import type { Account } from '#application/ports/account';
import type { HomePublisher, Published } from '#application/ports/home';
import type { Mine } from '#application/ports/mine';
import type { TenantId } from '#domain/ids';
import { homeView } from '../cards/home-view.ts';
import type { Installations } from '../clients/installations.ts';
import { installedFor } from './installed-for.ts';
import { failureBeforePost, isRefusedAs } from './publish-failure.ts';
import type { Words } from '../words/words.ts';

const CONFLICT: ReadonlySet<string> = new Set(['hash_conflict']);

/** Homes over `views.publish`. One try each: the outbox retries. */
export class SlackHomes implements HomePublisher {
  readonly #installations: Installations;
  readonly #log: Logger;
  readonly #words: Words;

  constructor(installations: Installations, log: Logger, words: Words) {
    this.#installations = installations;
    this.#log = log;
    this.#words = words;
  }

  async publishHome(
    account: Account,
    mine: Mine,
    hash: string | null,
    tenant: TenantId,
  ): Promise<Published> {
    const view = homeView(mine, this.#words);
    const { clients } = await installedFor(this.#installations, account.team, tenant, this.#log);
    try {
      const { view: shown } = await clients.delivery.views.publish({
        user_id: account.user,
        view,
        ...(hash !== null && { hash }),
      });
      return { hash: shown?.hash ?? null };
    } catch (error) {
      if (isRefusedAs(error, CONFLICT)) return 'conflict';
      throw failureBeforePost(error, 'views.publish');
    }
  }
}
