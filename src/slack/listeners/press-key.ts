import { createHash } from 'node:crypto';
import type { Account } from '#application/ports/account';

/**
 * The same for every delivery of one press: Slack issues one trigger a press. Hashed, since a
 * fresh trigger lets its holder open views.
 */
export function pressKey({ team, user }: Account, trigger: string): string {
  const digest = createHash('sha256').update(JSON.stringify([team, user, trigger]));
  return `slack:${digest.digest('base64url')}`;
}
