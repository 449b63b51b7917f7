/** Opaque ids. They carry no meaning, so nothing about a person or a tenant can be read from one. */
declare const brand: unique symbol;
type Branded<T, B extends string> = T & { readonly [brand]: B };

export type TenantId = Branded<string, 'TenantId'>;
/** One human of a tenant, whatever accounts they have. */
export type PersonId = Branded<string, 'PersonId'>;
/** A request and the bypass it may become share one id. */
export type BypassId = Branded<string, 'BypassId'>;
/** A bypass and all its extensions; the id of the first of them. */
export type ChainId = Branded<string, 'ChainId'>;
/** `sha256:<64 hex digits>`. */
export type DigestText = `sha256:${string}`;

export const tenantId = (text: string): TenantId => text as TenantId;
export const personId = (text: string): PersonId => text as PersonId;
export const bypassId = (text: string): BypassId => text as BypassId;
export const chainId = (text: string): ChainId => text as ChainId;
