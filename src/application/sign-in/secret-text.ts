import { sha256 } from '#ledger/digest';

/** 32 bytes in base64url (RFC 4648 §5), without padding. */
const SECRET_TEXT = /^[A-Za-z0-9_-]{43}$/;

export const isSecretText = (text: string): boolean => SECRET_TEXT.test(text);

/** 32 random bytes in base64url. @param newSalt 16 random bytes at each call. */
export const newSecretText = (newSalt: () => Uint8Array): string =>
  Buffer.concat([newSalt(), newSalt()]).toString('base64url');

/** What stands in the directory; a handle is no link, and the other way round. */
export const linkHash = (link: string): Uint8Array => hashAs('link', link);
export const handleHash = (handle: string): Uint8Array => hashAs('handle', handle);

const hashAs = (kind: string, text: string): Uint8Array =>
  sha256(Buffer.from(`${kind}\0${text}`, 'utf8'));

/** What each value is sealed for, so that none opens in another's place. */
export const SEALED_FOR = {
  link: (prepared: string): string => `sign-in link ${prepared}`,
  attempt: (prepared: string): string => `sign-in attempt ${prepared}`,
  idToken: 'id token',
} as const;
