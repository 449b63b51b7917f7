import { createPublicKey, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { Hono } from 'hono';
import { z } from 'zod';
import { current } from './key-ring.ts';
import type { KeyRing } from './key-ring.ts';
import { issueLeaf } from './leaf-certificate.ts';
import type { TokenIdentity } from './token-claims.ts';
import type { VerifyToken } from './token-verifier.ts';
import type { UsedTokens } from './used-tokens.ts';

// google.rpc.Code, which Fulcio's gateway puts in the body.
const INVALID_ARGUMENT = 3;
const UNAVAILABLE = 14;

const signingRequest = z.object({
  credentials: z.object({ oidcIdentityToken: z.string().min(1) }),
  publicKeyRequest: z.object({
    publicKey: z.object({ algorithm: z.string().optional(), content: z.string() }),
    proofOfPossession: z.string(),
  }),
});

type SigningRequest = z.infer<typeof signingRequest>;

/** Fulcio's v2 interface: `POST /api/v2/signingCert`, `GET /api/v2/trustBundle`. */
export function fulcioRoutes(parts: {
  readonly ring: KeyRing;
  readonly verifyToken: VerifyToken;
  readonly usedTokens: UsedTokens;
  readonly clock: () => Date;
}): Hono {
  const app = new Hono();
  app.post('/api/v2/signingCert', async (context) => {
    const request = signingRequest.safeParse(await bodyOf(context.req.raw));
    if (!request.success) return refuse('The request could not be parsed');
    const identity = await admit(request.data, parts);
    if (identity instanceof Response) return identity;
    const authority = current(parts.ring.certificateAuthorities);
    const leaf = issueLeaf({
      authority,
      ctLog: current(parts.ring.ctLogs).key,
      spki: identity.spki,
      identity: identity.identity,
      now: parts.clock(),
    });
    const certificates = [leaf, ...authority.chain];
    return Response.json({ signedCertificateEmbeddedSct: { chain: { certificates } } });
  });
  app.get('/api/v2/trustBundle', () => {
    const chains = parts.ring.certificateAuthorities.map(({ chain }) => ({ certificates: chain }));
    return Response.json({ chains });
  });
  return app;
}

interface Admitted {
  readonly identity: TokenIdentity;
  readonly spki: Buffer;
}

async function admit(
  request: SigningRequest,
  parts: Omit<Parameters<typeof fulcioRoutes>[0], 'ring'>,
): Promise<Admitted | Response> {
  const token = await parts.verifyToken(request.credentials.oidcIdentityToken, parts.clock());
  if (token === 'issuer-unreachable') {
    return Response.json({ code: UNAVAILABLE, message: tokenMessage(token) }, { status: 503 });
  }
  if (typeof token === 'string') return refuse(tokenMessage(token));
  const key = publicKeyOf(request.publicKeyRequest.publicKey.content);
  if (key === undefined)
    return refuse('The public key supplied in the request could not be parsed');
  if (!isP256(key)) return refuse('The public key supplied in the request is insecure');
  const proof = Buffer.from(request.publicKeyRequest.proofOfPossession, 'base64');
  if (!verify('sha256', Buffer.from(token.identity.name), key, proof)) {
    return refuse('The signature supplied in the request could not be verified');
  }
  // Last, so that a request refused for its key leaves the token good; and before the issuing, so
  // that a crash in between costs a token and never gives two certificates for one.
  const first = await parts.usedTokens.use(token.useId, token.expiresAt);
  if (!first) return refuse(tokenMessage('already-used'));
  return { identity: token.identity, spki: key.export({ format: 'der', type: 'spki' }) };
}

function tokenMessage(reason: string): string {
  return `There was an error processing the identity token: ${reason}`;
}

function refuse(message: string): Response {
  return Response.json({ code: INVALID_ARGUMENT, message, details: [] }, { status: 400 });
}

async function bodyOf(request: Request): Promise<unknown> {
  try {
    return await request.json();
  } catch {
    // Whatever is not JSON fails the parse that follows.
    return undefined;
  }
}

function publicKeyOf(pem: string): KeyObject | undefined {
  // A PEM private key would be read as its public half; nobody should be sending one.
  if (!pem.trimStart().startsWith('-----BEGIN PUBLIC KEY-----')) return undefined;
  try {
    return createPublicKey(pem);
  } catch {
    return undefined;
  }
}

function isP256(key: KeyObject): boolean {
  return key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1';
}
