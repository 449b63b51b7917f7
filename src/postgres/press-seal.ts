import { createHmac, timingSafeEqual } from 'node:crypto';
import type { PressSeals } from '#application/ports/press-seals';
import type { PressRow } from '#application/ports/tenant-store';
import { canonicalJson, type JsonValue } from '#ledger/canonical-json';
import type { KeyEncryptionKey, KeyRing } from './key-ring.ts';

/** What a seal says: who pressed what, how and when, and which press it is. */
type SealedPress = Pick<
  PressRow,
  'id' | 'tenant' | 'account' | 'action' | 'from' | 'via' | 'pressedAt'
>;

/**
 * A seal over a stored press, HMAC-SHA256 (RFC 2104) under a key that is derived from the ring's
 * current one. Nobody has it who has the database alone.
 */
export function sealPress(ring: KeyRing, press: SealedPress): string {
  return sealUnder(ring.current, press).toString('base64url');
}

/** Knows a press that was sealed under any key of the ring. */
export function pressSeals(ring: KeyRing): PressSeals {
  return {
    isAuthentic(press) {
      if (press.seal === null) return false;
      const given = Buffer.from(press.seal, 'base64url');
      return [ring.current, ...ring.former].some((key) => {
        const right = sealUnder(key, press);
        return given.length === right.length && timingSafeEqual(given, right);
      });
    },
  };
}

function sealUnder({ key }: KeyEncryptionKey, press: SealedPress): Buffer {
  const { id, tenant, account, action, from, via, pressedAt } = press;
  const { team, user } = account;
  // A press by Slack is sealed as every version before did, so that each knows the other's.
  const how = via === 'slack' ? [] : [via];
  const said = [id, tenant, team, user, action, from, pressedAt, ...how] as unknown as JsonValue;
  const own = createHmac('sha256', key).update('breakglass press seal').digest();
  return createHmac('sha256', own).update(canonicalJson(said)).digest();
}
