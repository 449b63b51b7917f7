import { createHash, timingSafeEqual } from 'node:crypto';

const BEARER = /^bearer +(\S+)$/i;

/**
 * Whether an Authorization header (RFC 6750 §2.1) holds this token; takes as long when it does not. Each
 * gate system that is sent to has one of its own: their folders know no other.
 */
export function bearerIs(token: string, header: string | null): boolean {
  const sent = BEARER.exec(header ?? '')?.[1];
  return sent !== undefined && timingSafeEqual(sha256(sent), sha256(token));
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();
