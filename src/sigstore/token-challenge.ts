import { z } from 'zod';
import { SigningRefused } from './signing-errors.ts';

const claims = z.looseObject({
  sub: z.string().min(1).optional(),
  email: z.string().min(1).optional(),
  email_verified: z.unknown().optional(),
});

/**
 * What Fulcio wants signed as proof of possession: the token's `email` if it has one, else `sub`.
 * Throws `SigningRefused` («token-refused») without a cause: parsers quote what they were given.
 */
export function tokenChallenge(token: string): string {
  const parsed = claims.safeParse(payloadOf(token));
  if (!parsed.success) throw new SigningRefused('token-refused', 'not a JSON web token');
  const { sub, email, email_verified: verified } = parsed.data;
  if (email !== undefined) {
    if (verified !== true) throw new SigningRefused('token-refused', 'the email is not verified');
    return email;
  }
  if (sub === undefined) throw new SigningRefused('token-refused', 'neither email nor sub');
  return sub;
}

function payloadOf(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
