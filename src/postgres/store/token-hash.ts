import { hash } from 'node:crypto';

const TOKEN = /^bg_[A-Za-z0-9_-]{43}$/;

/** What a token is kept as, in hexadecimal; `null` for what cannot be one of ours. */
export function hexOfToken(token: string): string | null {
  return TOKEN.test(token) ? hash('sha256', token, 'hex') : null;
}

/** The same as it stands in the directory. */
export function hashOfToken(token: string): Uint8Array | null {
  const hex = hexOfToken(token);
  return hex === null ? null : Buffer.from(hex, 'hex');
}
