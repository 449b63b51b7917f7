const LONGEST_TOKEN = 8_192;
// RFC 6750 §2.1: b64token. The scheme's name is case-insensitive (RFC 9110 §11.1).
const BEARER = /^bearer +([A-Za-z0-9\-._~+/]+=*)$/i;

/** The token of an Authorization header (RFC 6750 §2.1), or `null` if it holds none. */
export function bearerToken(header: string | null): string | null {
  if (header === null || header.length > LONGEST_TOKEN) return null;
  return BEARER.exec(header.trim())?.[1] ?? null;
}
