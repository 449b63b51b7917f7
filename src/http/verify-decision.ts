import { compactVerify, createLocalJWKSet, errors, type JSONWebKeySet } from 'jose';
import { z } from 'zod';
import type { Instant } from '#domain/instant';
import { DECISION_TYPE } from './decision-signer.ts';

/** What the client asked; a decision that is not about exactly this is refused. */
export interface DecisionExpectation {
  /** The gate. */
  readonly aud: string;
  readonly nonce: string;
  /** The deploy's id. */
  readonly deploy: string;
  /** The client's clock. The nonce makes an answer fresh; this ends its use. */
  readonly now: Instant;
  /** Checked if given. */
  readonly issuer?: string;
}

/** Why a signed decision is refused. Each means `enforce`. */
export type DecisionRefusal =
  | 'malformed'
  | 'unknown-key'
  | 'bad-signature'
  | 'wrong-type'
  | 'wrong-issuer'
  | 'wrong-gate'
  | 'wrong-nonce'
  | 'wrong-deploy'
  | 'not-yet'
  | 'expired';

/** A clock that is further behind the service's is wrong, and so may be everything it says. */
const BEHIND_MS = 60_000;

const claims = z.object({
  iss: z.string(),
  aud: z.string(),
  jti: z.string(),
  nonce: z.string(),
  decision: z.enum(['bypass', 'enforce']),
  deploy: z.string(),
  entry: z.string().nullable(),
  commit: z.string().nullable(),
  artifact: z.string().nullable(),
  inFlight: z.enum(['hold', 'cancel', 'rollback']).nullable().default(null),
  iat: z.int(),
  exp: z.int(),
});

/** A signed decision that belongs to the question. */
export type VerifiedDecision = z.infer<typeof claims>;

export type VerifiedOrRefused =
  | { readonly ok: true; readonly decision: VerifiedDecision }
  | { readonly ok: false; readonly refusal: DecisionRefusal };

/**
 * Checks a compact JWS against published keys (RFC 7515 §5.2) and against the question it must
 * answer. Refusals are values; never throws for what stands in `jws`.
 */
export async function verifyDecision(
  jws: string,
  jwks: { readonly keys: readonly object[] },
  expected: DecisionExpectation,
): Promise<VerifiedOrRefused> {
  const opened = await open(jws, jwks);
  if (typeof opened === 'string') return { ok: false, refusal: opened };
  const refusal = mismatch(opened, expected);
  return refusal === null ? { ok: true, decision: opened } : { ok: false, refusal };
}

async function open(
  jws: string,
  jwks: { readonly keys: readonly object[] },
): Promise<VerifiedDecision | DecisionRefusal> {
  try {
    const keys = createLocalJWKSet(structuredClone(jwks) as JSONWebKeySet);
    const { payload, protectedHeader } = await compactVerify(jws, keys, { algorithms: ['EdDSA'] });
    if (protectedHeader.typ !== DECISION_TYPE) return 'wrong-type';
    const parsed = claims.safeParse(JSON.parse(new TextDecoder().decode(payload)));
    return parsed.success ? parsed.data : 'malformed';
  } catch (error) {
    return refusalOf(error);
  }
}

function refusalOf(error: unknown): DecisionRefusal {
  if (error instanceof errors.JWKSNoMatchingKey) return 'unknown-key';
  if (error instanceof errors.JWKSMultipleMatchingKeys) return 'unknown-key';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'bad-signature';
  if (error instanceof errors.JOSEAlgNotAllowed) return 'bad-signature';
  return 'malformed';
}

function mismatch(
  decision: VerifiedDecision,
  { aud, nonce, deploy, now, issuer }: DecisionExpectation,
): DecisionRefusal | null {
  if (issuer !== undefined && decision.iss !== issuer) return 'wrong-issuer';
  if (decision.aud !== aud) return 'wrong-gate';
  if (decision.nonce !== nonce) return 'wrong-nonce';
  if (decision.deploy !== deploy) return 'wrong-deploy';
  if (now < decision.iat * 1_000 - BEHIND_MS) return 'not-yet';
  return now < decision.exp * 1_000 ? null : 'expired';
}
