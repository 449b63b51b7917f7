import type { BypassId, PersonId, TenantId } from '#domain/ids';
import type { Instant } from '#domain/instant';
import type { Refusal } from '#domain/refusal';

/** The links of pages, and the browsers that follow them. Hashes are SHA-256; links stand sealed. */
export interface LinkStore {
  /** Whose a link or handle is, before a tenant is known; `null` for what nobody gave out. */
  whose(hash: Uint8Array): Promise<TenantId | null>;
  /** Keeps the link of a request unless it has one already. Gives, sealed, the one that counts. */
  keepLink(tenant: TenantId, link: NewPageLink): Promise<Uint8Array>;
  /** What a link leads to; `null` once it is forgotten. */
  linked(tenant: TenantId, hash: Uint8Array): Promise<LinkedRow | null>;
  /** A browser goes off to sign in. Forgets those of whom nothing was heard for a day. */
  begin(tenant: TenantId, attempt: NewAttempt): Promise<void>;
  attempt(tenant: TenantId, hash: Uint8Array): Promise<AttemptRow | null>;
  /**
   * The browser is back, and has another handle from now on: `false` if it was back before, or
   * somebody else took its place.
   */
  comeBack(tenant: TenantId, id: string, before: Uint8Array, hash: Uint8Array): Promise<boolean>;
  /** Who signed in; until `expiresAt` they may decide. */
  identified(tenant: TenantId, id: string, person: PersonId, expiresAt: Instant): Promise<void>;
  /** The press that was stored under this key; `null` if there is none yet. */
  pressed(tenant: TenantId, key: string): Promise<PressedRow | null>;
}

export interface LinkWrites {
  /** Keeps why a press by a link changed nothing, for the browser that asks. */
  refuseAttempt(press: string, refusal: Refusal): Promise<void>;
}

export interface NewPageLink {
  readonly bypass: BypassId;
  readonly hash: Uint8Array;
  readonly sealed: Uint8Array;
  readonly expiresAt: Instant;
}

export interface LinkedRow {
  readonly bypass: BypassId;
  readonly expiresAt: Instant;
}

export interface NewAttempt {
  readonly id: string;
  readonly bypass: BypassId;
  readonly hash: Uint8Array;
  /** Of the cookie that the browser has. */
  readonly browser: Uint8Array;
  readonly sealed: Uint8Array;
  readonly expiresAt: Instant;
}

export interface AttemptRow extends Omit<NewAttempt, 'sealed' | 'hash'> {
  /** What its sign-in is held to; `null` once it is back. */
  readonly sealed: Uint8Array | null;
  /** `null` until they signed in. */
  readonly person: PersonId | null;
  readonly refusal: Refusal | null;
}

export interface PressedRow {
  readonly outcome: 'done' | 'refused' | null;
  /** What it asked for. */
  readonly kind: string;
  /** The approval that waits for its signature, if it came to that. */
  readonly prepared: string | null;
}
