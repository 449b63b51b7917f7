import { createHmac, timingSafeEqual } from 'node:crypto';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import type { IncidentSourceKind } from '#application/ports/incidents';

const PAGERDUTY = 'x-pagerduty-signature';

/** How a message claims to be signed; `null` for none. */
export function incidentSender(headers: Headers): IncidentSourceKind | null {
  if (headers.has('webhook-signature')) return 'standard';
  return headers.has(PAGERDUTY) ? 'pagerduty' : null;
}

/**
 * Whether the body is signed with this secret. Standard Webhooks also bounds its age to five minutes;
 * PagerDuty signs no time, so an old message can come again: it changes nothing then.
 */
export function isSignedBy(
  kind: IncidentSourceKind,
  secret: string,
  headers: Headers,
  body: string,
): boolean {
  return kind === 'standard'
    ? isStandard(secret, headers, body)
    : isPagerDuty(secret, headers.get(PAGERDUTY) ?? '', body);
}

function isStandard(secret: string, headers: Headers, body: string): boolean {
  try {
    new Webhook(secret).verify(body, Object.fromEntries(headers), { jsonParse: false });
    return true;
  } catch (error) {
    if (error instanceof WebhookVerificationError) return false;
    throw error;
  }
}

/** `v1=<hex>` of HMAC-SHA256 over the body, several while a secret is exchanged, at most five. */
function isPagerDuty(secret: string, header: string, body: string): boolean {
  const expected = createHmac('sha256', secret).update(body).digest();
  return header
    .split(',', 5)
    .map((one) => /^\s*v1=([0-9a-f]{64})\s*$/i.exec(one)?.[1])
    .some((hex) => hex !== undefined && timingSafeEqual(Buffer.from(hex, 'hex'), expected));
}
