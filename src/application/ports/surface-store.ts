import type { TenantId } from '#domain/ids';
import type { Instant } from '#domain/instant';
import type { MessageRef } from './press.ts';
import type { Surface } from './surface.ts';
import type { NoteRow } from './tenant-store.ts';

/** Claims on surfaces, so that two workers never publish one at the same time. */
export interface SurfaceStore {
  /**
   * Takes the surface for a short time. `nothing-new` when it shows the latest already, `busy` while
   * another worker has it, `paused` while its channel may not be sent to.
   */
  claim(tenant: TenantId, id: string): Promise<SurfaceClaim>;
  /**
   * Records what was published and gives the claim back; `true` if more was wanted meanwhile. Waits
   * for commits under way that touch the surface, so none of them is missed.
   */
  published(tenant: TenantId, claim: SurfaceClaimed, message: MessageRef): Promise<boolean>;
  /** Gives the claim back and, for a Retry-After, stops the channel and tries again then. */
  failed(tenant: TenantId, claim: SurfaceClaimed, retryAfterMs: number | null): Promise<void>;
  /** The note, unless it was told or its channel may not be sent to yet: then it comes back later. */
  claimNote(tenant: TenantId, id: string): Promise<NoteRow | null>;
  /** Stops the note's channel for this long and tells it then. */
  noteLimited(tenant: TenantId, id: string, retryAfterMs: number): Promise<void>;
  noteTold(tenant: TenantId, id: string): Promise<void>;
}

export type SurfaceClaim =
  | SurfaceClaimed
  | { readonly kind: 'nothing-new' }
  | { readonly kind: 'busy' }
  | { readonly kind: 'paused'; readonly retryAfterMs: number };

export interface SurfaceClaimed {
  readonly kind: 'claimed';
  readonly surface: Surface;
  /** What is to be shown. */
  readonly version: number;
  /** Tells this claim from another worker's later one. */
  readonly claimedUntil: Instant;
}
