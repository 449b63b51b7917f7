import { randomBytes } from 'node:crypto';
import { verifyDecision, type VerifiedDecision } from '#http/verify-decision';

export interface AskedDeploy {
  readonly gate: string;
  readonly service: string;
  readonly environment: string;
  readonly branch?: string;
  readonly artifact: { readonly name: string; readonly digest: string };
  readonly deploy: { readonly id: string; readonly attempt: number };
}

export interface Heard {
  readonly decision: 'bypass' | 'enforce';
  readonly reason: string;
  /** The entry that lets the deploy through. */
  readonly entry: string | null;
  /** When the bypass ends, epoch milliseconds. */
  readonly expiresAt: number | null;
  /** After how many seconds to ask again. */
  readonly recheckAfterS: number | null;
}

/** Where and as whom a job asks. */
export interface AskedService {
  readonly url: string;
  readonly token: string;
  /** The job's clock, epoch milliseconds. */
  readonly now: () => number;
}

const CLIENT_TIMEOUT_MS = 2_000;

/**
 * Asks as a CI job does: a fresh nonce, two seconds, and a signature that must fit this question.
 * Whatever goes wrong is `enforce`.
 */
export async function askGate(
  service: AskedService,
  asked: AskedDeploy,
  phase: 'start' | 'recheck' | 'finish',
  outcome?: 'succeeded' | 'failed' | 'cancelled',
): Promise<Heard> {
  const nonce = randomBytes(16).toString('hex');
  const body = { ...asked, phase, nonce, ...(outcome === undefined ? {} : { outcome }) };
  try {
    return await answerTo(service, asked, body);
  } catch (error) {
    // No answer in time, none at all, or one that cannot be read.
    const name = error instanceof Error ? error.name : 'unknown';
    return enforce(name === 'TimeoutError' ? 'no answer within 2 s' : `no answer (${name})`);
  }
}

async function answerTo(
  { url, token, now }: AskedService,
  asked: AskedDeploy,
  body: { readonly nonce: string },
): Promise<Heard> {
  const signal = AbortSignal.timeout(CLIENT_TIMEOUT_MS);
  const response = await fetch(`${url}/v1/decisions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal,
  });
  if (response.status !== 200) return enforce(`status ${response.status}`);
  const said = (await response.json()) as Said;
  const keys = await fetch(`${url}/.well-known/breakglass/decision-keys.json`, { signal });
  const verified = await verifyDecision(said.jws, (await keys.json()) as { keys: object[] }, {
    aud: asked.gate,
    nonce: body.nonce,
    deploy: `${asked.deploy.id}#${asked.deploy.attempt}`,
    now: now(),
  });
  return verified.ok ? heard(verified.decision, said) : enforce(verified.refusal);
}

interface Said {
  readonly jws: string;
  readonly reason: string;
  readonly expiresAt: string | null;
  readonly recheckAfter: number | null;
}

/** What decides is what was signed; the rest tells people why, and when to ask again. */
function heard({ decision, entry }: VerifiedDecision, said: Said): Heard {
  return {
    decision,
    reason: said.reason,
    entry,
    expiresAt: said.expiresAt === null ? null : Date.parse(said.expiresAt),
    recheckAfterS: said.recheckAfter,
  };
}

function enforce(reason: string): Heard {
  return { decision: 'enforce', reason, entry: null, expiresAt: null, recheckAfterS: null };
}
