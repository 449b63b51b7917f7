import { randomBytes } from 'node:crypto';
import { verifyDecision } from '#http/verify-decision';

export interface AskedDeploy {
  readonly gate: string;
  readonly service: string;
  readonly environment: string;
  readonly artifact: { readonly name: string; readonly digest: string };
  readonly deploy: { readonly id: string; readonly attempt: number };
}

export interface Heard {
  readonly decision: 'bypass' | 'enforce';
  readonly reason: string;
  /** The entry that lets the deploy through. */
  readonly entry: string | null;
}

const CLIENT_TIMEOUT_MS = 2_000;

/**
 * Asks as a CI job does: a fresh nonce, two seconds, and a signature that must fit this question.
 * Whatever goes wrong is `enforce`.
 */
export async function askGate(
  serviceUrl: string,
  token: string,
  asked: AskedDeploy,
  phase: 'start' | 'recheck' | 'finish',
  outcome?: 'succeeded' | 'failed' | 'cancelled',
): Promise<Heard> {
  const nonce = randomBytes(16).toString('hex');
  const body = { ...asked, phase, nonce, ...(outcome === undefined ? {} : { outcome }) };
  const response = await fetch(`${serviceUrl}/v1/decisions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(CLIENT_TIMEOUT_MS),
  });
  if (response.status !== 200)
    return { decision: 'enforce', reason: `status ${response.status}`, entry: null };
  const { jws, reason } = (await response.json()) as { jws: string; reason: string };
  const keys = await fetch(`${serviceUrl}/.well-known/breakglass/decision-keys.json`);
  const verified = await verifyDecision(jws, (await keys.json()) as { keys: object[] }, {
    aud: asked.gate,
    nonce,
    deploy: `${asked.deploy.id}#${asked.deploy.attempt}`,
    now: Date.now(),
  });
  if (!verified.ok) return { decision: 'enforce', reason: verified.refusal, entry: null };
  return { decision: verified.decision.decision, reason, entry: verified.decision.entry };
}
