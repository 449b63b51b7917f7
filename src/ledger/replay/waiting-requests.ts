import { bypassIn, type Chain } from '#domain/bypass/chain';
import type { BypassId, PersonId } from '#domain/ids';

type Waiting = Map<PersonId, Set<BypassId>>;

/** The requests of each person that wait; drills are counted apart. */
export class WaitingRequests {
  readonly #real: Waiting = new Map();
  readonly #drills: Waiting = new Map();

  countOf(requester: PersonId, drill: boolean): number {
    return this.#of(drill).get(requester)?.size ?? 0;
  }

  /** Takes in what became of a bypass. */
  note(chain: Chain, id: BypassId): void {
    const bypass = bypassIn(chain, id);
    if (bypass === undefined) return;
    const { requester } = bypass.request;
    const waiting = this.#of(chain.drill);
    const ids = waiting.get(requester);
    if (bypass.phase !== 'waiting') ids?.delete(id);
    else if (ids === undefined) waiting.set(requester, new Set([id]));
    else ids.add(id);
  }

  #of(drill: boolean): Waiting {
    return drill ? this.#drills : this.#real;
  }
}
