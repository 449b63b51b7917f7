import type { TenantId } from '#domain/ids';
import type { Instant } from '#domain/instant';
import type { MessageRef } from './press.ts';
import type { RateLimit, Surface } from './surface.ts';
import type { NoteRow } from './tenant-store.ts';

/** Claims on surfaces, so that two workers never publish one at the same time. */
export interface SurfaceStore extends SurfaceCopies {
  /**
   * Takes the surface for a short time. `nothing-new` when it shows the latest already, `busy` while
   * another worker has it, `paused` while nothing may be sent there, or too much was edited lately.
   */
  claim(tenant: TenantId, id: string): Promise<SurfaceClaim>;
  /**
   * Records what was published and gives the claim back; `true` if more was wanted meanwhile. Waits
   * for commits under way that touch the surface, so none of them is missed.
   */
  published(tenant: TenantId, claim: SurfaceClaimed, message: MessageRef): Promise<boolean>;
  /** Gives the claim back and, for a Retry-After, stops what it is about and tries again then. */
  failed(tenant: TenantId, claim: SurfaceClaimed, failure: SurfaceFailure): Promise<void>;
  /** The note, unless it was told or its channel may not be sent to yet: then it comes back later. */
  claimNote(tenant: TenantId, id: string): Promise<NoteRow | null>;
  /** Stops what the limit is about for this long, and tells the note then. */
  noteLimited(tenant: TenantId, id: string, limit: RateLimit): Promise<void>;
  noteTold(tenant: TenantId, id: string): Promise<void>;
}

/** Messages that show a surface and are not its own: what a lost answer or a post anew leaves behind. */
export interface SurfaceCopies {
  /** Somebody pressed a message that shows the surface: if it is not its own, it is taken away. */
  pressed(tenant: TenantId, surface: string, message: MessageRef): Promise<void>;
  /**
   * The copy, once it is certain that it is one. `null` where nothing is to be done, or not yet:
   * while the surface is being published its own message is not known, and the job comes back. A
   * surface without a message takes the copy for its own.
   */
  copyToRetract(tenant: TenantId, id: string): Promise<SurfaceCopy | null>;
  /** Stops what the limit is about for this long, and retracts the copy then. */
  retractLimited(tenant: TenantId, id: string, limit: RateLimit): Promise<void>;
  retracted(tenant: TenantId, id: string): Promise<void>;
}

export interface SurfaceCopy {
  readonly surface: Surface;
  readonly message: MessageRef;
}

export interface SurfaceFailure {
  readonly limit: RateLimit | null;
  /** A message may stand all the same. */
  readonly mayStand: boolean;
}

export type SurfaceClaim =
  | SurfaceClaimed
  | { readonly kind: 'nothing-new' }
  | { readonly kind: 'busy' }
  /** @property method what it would be sent with first. */
  | { readonly kind: 'paused'; readonly retryAfterMs: number; readonly method: PausedMethod };

type PausedMethod = 'chat.update' | 'conversations.open' | 'conversations.info';

export interface SurfaceClaimed {
  readonly kind: 'claimed';
  readonly surface: Surface;
  /** What is to be shown. */
  readonly version: number;
  /** Tells this claim from another worker's later one. */
  readonly claimedUntil: Instant;
}
