import { createHash } from 'node:crypto';
import type { Account } from '#application/ports/account';

/**
 * The same for every delivery of one press. Slack issues one trigger a press of a button; a form is
 * one press however often it is sent, since one that seemed not to be stored may have been. Hashed,
 * since a fresh trigger lets its holder open views.
 *
 * @param press the trigger of a button, or the id of a form's view.
 */
export function pressKey({ team, user }: Account, press: string): string {
  const digest = createHash('sha256').update(JSON.stringify([team, user, press]));
  return `slack:${digest.digest('base64url')}`;
}
