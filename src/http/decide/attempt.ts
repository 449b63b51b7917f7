import { z } from 'zod';

const attempt = z.strictObject({
  codeVerifier: z.string(),
  nonce: z.string(),
  begunAt: z.number(),
});

/** What a sign-in is held to when it comes back. Secret as a whole. */
type Attempt = z.infer<typeof attempt>;

export const encodeAttempt = (kept: Attempt): Uint8Array =>
  new TextEncoder().encode(JSON.stringify(kept));

/** `null` for one of a version that kept it otherwise. */
export const readAttempt = (bytes: Uint8Array): Attempt | null =>
  attempt.safeParse(JSON.parse(new TextDecoder().decode(bytes))).data ?? null;
