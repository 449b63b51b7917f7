import type { Measure } from '#application/ports/measure';
import type { SurfaceStore } from '#application/ports/surface-store';

/** Counts the cards that wait for Slack. */
export function watchedSurfaces<S extends Pick<SurfaceStore, 'claim'>>(
  surfaces: S,
  measure: Measure,
): S {
  return {
    ...surfaces,
    async claim(tenant, id) {
      const claim = await surfaces.claim(tenant, id);
      if (claim.kind === 'paused') measure.slackWaited(claim.method, claim.retryAfterMs / 1_000);
      return claim;
    },
  } satisfies Pick<SurfaceStore, 'claim'> & S;
}
