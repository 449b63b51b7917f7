import { randomBytes } from 'node:crypto';
import { compactVerify, createLocalJWKSet, type JSONWebKeySet } from 'jose';

/** What a deploy asks about. */
export interface Deploy {
  readonly gate: string;
  readonly service: string;
  readonly environment: string;
  readonly run: string;
}

/** What a CI job may act on. */
export interface Answer {
  readonly decision: 'bypass' | 'enforce';
  /** The service's word, or why the job does not trust the answer. */
  readonly why: string;
  /** What the signed answer said, trusted or not. */
  readonly said: 'bypass' | 'enforce' | null;
  /** The activation that let it through, by its statement's digest. */
  readonly entry: string | null;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number | null;
  readonly serverTime: number | null;
}

/**
 * A real job gives up after 2 s; a busy machine may need longer for an answer that is no fault. What
 * the service itself says, it says within its own limit.
 */
const CLIENT_TIMEOUT_MS = 20_000;
const ENFORCE = {
  decision: 'enforce',
  said: null,
  entry: null,
  expiresAt: null,
  serverTime: null,
} as const;

interface Body {
  readonly decision: 'bypass' | 'enforce';
  readonly jws: string | null;
  readonly reason: string;
  readonly expiresAt: string | number | null;
  readonly serverTime: string | number;
}

/**
 * Asks by the client's rules: a fresh nonce, a limit in all, status 200, a signature by a published
 * key over exactly this question, still valid. Whatever else comes means `enforce`.
 */
export async function askGate(
  url: string,
  token: string,
  deploy: Deploy,
  phase: 'start' | 'recheck' | 'finish' = 'start',
): Promise<Answer> {
  const signal = AbortSignal.timeout(CLIENT_TIMEOUT_MS);
  const nonce = randomBytes(16).toString('hex');
  try {
    const response = await fetch(`${url}/v1/decisions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(question(deploy, phase, nonce)),
      signal,
    });
    if (response.status !== 200) return { ...ENFORCE, why: `status ${response.status}` };
    const body = (await response.json()) as Body;
    if (body.jws === null) return unsigned(body);
    const keys = await fetch(`${url}/.well-known/breakglass/decision-keys.json`, { signal });
    return await trusted(body, body.jws, (await keys.json()) as JSONWebKeySet, deploy, nonce);
  } catch (error) {
    return { ...ENFORCE, why: error instanceof Error ? error.name : 'unknown' };
  }
}

function question({ run, ...about }: Deploy, phase: string, nonce: string): object {
  return {
    ...about,
    artifact: { name: about.service, digest: `sha256:${'a'.repeat(64)}` },
    deploy: { id: run, attempt: 1 },
    phase,
    nonce,
    ...(phase === 'finish' ? { outcome: 'succeeded' } : {}),
  };
}

/** Whatever else it says, it lets nothing through. */
const unsigned = ({ decision, reason, serverTime }: Body): Answer => ({
  ...ENFORCE,
  why: decision === 'enforce' ? reason : 'nobody signed the bypass',
  said: decision,
  serverTime: instant(serverTime),
});

async function trusted(
  body: Body,
  jws: string,
  jwks: JSONWebKeySet,
  { gate, run }: Deploy,
  nonce: string,
): Promise<Answer> {
  const { payload } = await compactVerify(jws, createLocalJWKSet(jwks), {
    algorithms: ['EdDSA'],
  });
  const claims = JSON.parse(new TextDecoder().decode(payload)) as Record<string, unknown>;
  const isOurs =
    claims['aud'] === gate && claims['nonce'] === nonce && claims['deploy'] === `${run}#1`;
  if (!isOurs) return { ...ENFORCE, why: 'the answer is for another question' };
  const said = claims['decision'] === 'bypass' ? 'bypass' : 'enforce';
  const { reason, expiresAt, serverTime } = body;
  const times = { expiresAt: instant(expiresAt), serverTime: instant(serverTime) };
  const entry = typeof claims['entry'] === 'string' ? claims['entry'] : null;
  // A signature ends on a whole second, so the last part of a bypass is nobody's to use.
  if (!(Date.now() < Number(claims['exp']) * 1_000))
    return { decision: 'enforce', said, why: 'outdated', entry, ...times };
  return { decision: said, said, why: reason, entry, ...times };
}

const instant = (time: string | number | null): number | null =>
  time === null ? null : new Date(time).getTime();
