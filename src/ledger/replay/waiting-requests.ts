import { bypassIn, type Chain } from '#domain/bypass/chain';
import type { BypassId, PersonId } from '#domain/ids';

/** The requests of each person that wait; drills are counted apart. */
export class WaitingRequests {
  readonly #waiting = new Map<string, Set<BypassId>>();

  countOf(requester: PersonId, drill: boolean): number {
    return this.#waiting.get(keyOf(requester, drill))?.size ?? 0;
  }

  /** Takes in what became of a bypass. */
  note(chain: Chain, id: BypassId): void {
    const bypass = bypassIn(chain, id);
    if (bypass === undefined) return;
    const key = keyOf(bypass.request.requester, chain.drill);
    const ids = this.#waiting.get(key) ?? new Set();
    if (bypass.phase === 'waiting') ids.add(id);
    else ids.delete(id);
    this.#waiting.set(key, ids);
  }
}

const keyOf = (requester: PersonId, drill: boolean): string => `${drill} ${requester}`;
