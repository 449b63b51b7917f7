import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { HOUR_MS, type Instant } from '#domain/instant';

/**
 * The name of a deploy that never happens: a read-back asks the gate with it, and the watch, which
 * hears of that question too, knows it again. It is signed and grows old, or whoever deploys could take
 * one so that nobody hears of the deploy; the watch takes each only once.
 */
const PREFIX = 'breakglass-read-back:';
/** OPA may hold its decision logs back for a while, and clocks differ. */
const OLDEST_MS = HOUR_MS;

export function probeDeploy(secret: string, now: Instant): string {
  const body = `${now.toString(36)}-${randomBytes(16).toString('hex')}`;
  return `${PREFIX}${body}:${seal(secret, body)}`;
}

export function isProbe(secret: string, deploy: string, now: Instant): boolean {
  if (!deploy.startsWith(PREFIX)) return false;
  const [body = '', sealed = ''] = deploy.slice(PREFIX.length).split(':');
  const [is, expected] = [Buffer.from(sealed), Buffer.from(seal(secret, body))];
  if (is.length !== expected.length || !timingSafeEqual(is, expected)) return false;
  const madeAt = Number.parseInt(body.split('-')[0] ?? '', 36);
  return Math.abs(now - madeAt) <= OLDEST_MS;
}

const seal = (secret: string, body: string): string =>
  createHmac('sha256', secret).update(`${PREFIX}${body}`).digest('hex');
