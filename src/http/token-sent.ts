import { bearerToken } from './bearer-token.ts';

const LONGEST_HEADER = 8_192;
const BASIC = /^basic +([A-Za-z0-9+/]+=*)$/i;

/**
 * The token of an Authorization header: as Bearer (RFC 6750 §2.1), or as the password of Basic
 * (RFC 7617) for tools that know nothing else; its user name says nothing. `null` if there is none.
 */
export function tokenSent(header: string | null): string | null {
  return bearerToken(header) ?? basicPassword(header);
}

function basicPassword(header: string | null): string | null {
  if (header === null || header.length > LONGEST_HEADER) return null;
  const encoded = BASIC.exec(header.trim())?.[1];
  if (encoded === undefined) return null;
  const pair = Buffer.from(encoded, 'base64').toString('utf8');
  // The user name ends at the first colon; a token has none.
  const colon = pair.indexOf(':');
  return colon === -1 ? null : bearerToken(`Bearer ${pair.slice(colon + 1)}`);
}
