import { z } from 'zod';
import type { Digest } from '#ledger/digest';
import type { VerifiedSignIn } from '#application/ports/sign-in';

const begun = z.strictObject({
  step: z.literal('begun'),
  /** The private key that will sign: PKCS #8, base64. */
  key: z.base64(),
  /** Its public half: SPKI, base64. */
  spki: z.base64(),
  codeVerifier: z.string(),
  begunAt: z.number(),
  browser: z.string(),
});

const signedIn = z.strictObject({
  step: z.literal('signed-in'),
  key: z.base64(),
  browser: z.string(),
  idToken: z.string(),
  signIn: z.custom<VerifiedSignIn>((value) => typeof value === 'object' && value !== null),
  /** The entry that records the provider's keys. */
  keys: z.custom<Digest>((value) => typeof value === 'string'),
});

/** A sign-in whose browser is at the provider. */
export type Begun = z.infer<typeof begun>;
/** A sign-in that is done, and whose person is being asked whether the account is theirs. */
export type AwaitingConfirmation = z.infer<typeof signedIn>;

/** What is kept, sealed, while a browser is away. Secret as a whole. */
export const encodeAttempt = (attempt: Begun | AwaitingConfirmation): Uint8Array =>
  new TextEncoder().encode(JSON.stringify(attempt));

/** `null` for an attempt of another step, or of a version that kept it otherwise. */
export const readBegun = (bytes: Uint8Array): Begun | null =>
  begun.safeParse(parsed(bytes)).data ?? null;

export const readSignedIn = (bytes: Uint8Array): AwaitingConfirmation | null =>
  signedIn.safeParse(parsed(bytes)).data ?? null;

function parsed(bytes: Uint8Array): unknown {
  return JSON.parse(new TextDecoder().decode(bytes));
}
