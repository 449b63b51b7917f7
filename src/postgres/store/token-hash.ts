import { hash } from 'node:crypto';

const TOKEN = /^bg_[A-Za-z0-9_-]{43}$/;

/** What a token is kept as; `null` for what cannot be one of ours. */
export function hashOfToken(token: string): Uint8Array | null {
  return TOKEN.test(token) ? hash('sha256', token, 'buffer') : null;
}
