import type { DueDeadline, TenantWrites } from '#application/ports/tenant-store';
import { bypassIn, type Chain } from '#domain/bypass/chain';
import type { BypassId } from '#domain/ids';
import type { Instant } from '#domain/instant';

export interface Heard {
  /** Of the entries, in the log's order. */
  readonly types: readonly string[];
  readonly bypasses: ReadonlySet<BypassId>;
  /** From a request to its activation, in seconds. */
  readonly approvalsS: readonly number[];
  readonly met: readonly { readonly kind: DueDeadline['kind']; readonly lateS: number }[];
}

/** Hears what a commit writes. It counts for something only once the commit stands. */
export function overheard(): {
  over(tx: TenantWrites): TenantWrites;
  all(): Heard;
} {
  const types: string[] = [];
  const activated: BypassId[] = [];
  const bypasses = new Set<BypassId>();
  const chains = new Map<string, Chain>();
  const met: { kind: DueDeadline['kind']; lateS: number }[] = [];
  let now: Promise<Instant> | undefined;
  return {
    over: (tx) => ({
      ...tx,
      append(batch) {
        for (const { type, bypass } of batch.entries) {
          types.push(type);
          if (bypass !== null) bypasses.add(bypass);
          if (bypass !== null && type === 'bypass.activated') activated.push(bypass);
        }
        return tx.append(batch);
      },
      saveChain(chain, rows) {
        chains.set(chain.id, chain);
        return tx.saveChain(chain, rows);
      },
      async endDeadline(deadline) {
        await tx.endDeadline(deadline);
        // By the database's clock, asked once for all that a commit ends.
        const { kind, dueAt } = deadline;
        met.push({ kind, lateS: Math.max(0, (await (now ??= tx.now())) - dueAt) / 1_000 });
      },
    }),
    all: () => {
      const approvalsS = activated.flatMap((bypass) => approvalOf(bypass, [...chains.values()]));
      return { types, bypasses, approvalsS, met };
    },
  };
}

/** Empty for a drill. */
function approvalOf(bypass: BypassId, chains: readonly Chain[]): readonly number[] {
  for (const chain of chains) {
    const found = bypassIn(chain, bypass);
    if (found === undefined || chain.drill || !('grant' in found)) continue;
    return [Math.max(0, found.grant.activatedAt - found.request.openedAt) / 1_000];
  }
  return [];
}
