import { sha256 } from '#ledger/digest';

/**
 * The `state` of a sign-in that began at a link, told from that of a prepared approval at sight: the
 * provider knows one address of ours to send browsers back to, and both come back there.
 */
const STATE = /^decide-([A-Za-z0-9_-]{43})$/;

export const stateOf = (handle: string): string => `decide-${handle}`;

/** The handle in a `state`; `null` for one of another kind. */
export const handleIn = (state: string): string | null => STATE.exec(state)?.[1] ?? null;

/** What stands in the directory; a handle is no link, and the other way round. */
export const pageLinkHash = (link: string): Uint8Array => hashAs('page link', link);
export const attemptHash = (handle: string): Uint8Array => hashAs('link attempt', handle);

const hashAs = (kind: string, text: string): Uint8Array =>
  sha256(Buffer.from(`${kind}\0${text}`, 'utf8'));

/** What each value is sealed for, so that none opens in another's place. */
export const SEALED_FOR = {
  link: (bypass: string): string => `page link ${bypass}`,
  attempt: (id: string): string => `link attempt ${id}`,
} as const;

/** The same for every time that a browser sends its decision, so that one is stored. */
export const pressKeyOf = (attempt: string): string => `link:${attempt}`;
