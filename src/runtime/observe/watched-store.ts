import type { TenantStore } from '#application/ports/tenant-store';
import { overheard } from './overheard.ts';
import { stopwatch, type Observer } from './observer.ts';

/** A span over each commit, and a count of what stands once it does. */
export function watchedStore(store: TenantStore, { measure, tracing }: Observer): TenantStore {
  return {
    read: (tenant, work) => store.read(tenant, work),
    locked: (tenant, work) =>
      tracing.span({ name: 'commit', ids: { tenant } }, async (tell) => {
        const seconds = stopwatch();
        const heard = overheard();
        const result = await store.locked(tenant, (tx) => work(heard.over(tx)));
        const { types, bypasses, approvalsS, met } = heard.all();
        if (types.length > 0) {
          measure.recorded(types, seconds());
          tell({ entries: [...new Set(types)].join(',') });
        }
        const [bypass, ...others] = bypasses;
        if (bypass !== undefined && others.length === 0) tell({ bypass });
        for (const one of approvalsS) measure.approved(one);
        for (const { kind, lateS } of met) measure.deadlineMet(kind, lateS);
        return result;
      }),
  };
}
