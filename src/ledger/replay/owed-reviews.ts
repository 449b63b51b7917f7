import type { Chain } from '#domain/bypass/chain';
import type { ChainId } from '#domain/ids';
import type { Instant } from '#domain/instant';

/** The reviews that are open and not done, by the service of their chain. */
export class OwedReviews {
  readonly #dueAt = new Map<string, Map<ChainId, Instant>>();

  /** When the first of a service was due; `null` where it owes none. */
  firstDueOf(service: string): Instant | null {
    const times = [...(this.#dueAt.get(service)?.values() ?? [])];
    return times.length === 0 ? null : times.reduce((a, b) => Math.min(a, b));
  }

  /** Takes in what became of a chain. */
  note({ id, bypasses, postMortem }: Chain): void {
    const service = bypasses[0]?.request.scope.service;
    if (postMortem === null || service === undefined) return;
    const ofService = this.#dueAt.get(service) ?? new Map<ChainId, Instant>();
    this.#dueAt.set(service, ofService);
    if (postMortem.completedAt === null) ofService.set(id, postMortem.dueAt);
    else ofService.delete(id);
  }
}
