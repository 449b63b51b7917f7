import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import type { PressRow } from '#application/ports/tenant-store';
import { bypassId } from '#domain/ids';
import { tenantIdOf } from '#application/tenant/tenant-id';
import { parseKeyRing } from '#postgres/key-ring';
import { pressSeals, sealPress } from '#postgres/press-seal';

const [old, fresh] = [randomBytes(32).toString('hex'), randomBytes(32).toString('hex')];
const press = {
  id: '0198c5a0-0000-7000-8000-00000000000a',
  tenant: tenantIdOf('acme'),
  account: { team: 'T01', user: 'U07' },
  action: { kind: 'close', bypass: bypassId('0198c5a0-0000-7000-8000-00000000000b') },
  from: { channel: 'D01', ts: '1.2' },
  via: 'slack',
  pressedAt: 1_795_000_000_000,
} as const;
const sealedUnder = (ring: string, row: Partial<PressRow> = {}): PressRow => ({
  ...press,
  outcome: null,
  seal: sealPress(parseKeyRing(ring), press),
  ...row,
});
const known = (ring: string, row: PressRow): boolean =>
  pressSeals(parseKeyRing(ring)).isAuthentic(row);

test('is known under the key that sealed it, also once that is a former one', () => {
  expect(known(old, sealedUnder(old))).toBe(true);
  expect(known(`${fresh},${old}`, sealedUnder(old))).toBe(true);
  expect(known(fresh, sealedUnder(old))).toBe(false);
});

test.each<[string, Partial<PressRow>]>([
  ['no seal', { seal: null }],
  ['a seal of nothing', { seal: '' }],
  ['another id', { id: '0198c5a0-0000-7000-8000-00000000000c' }],
  ['another tenant', { tenant: tenantIdOf('other') }],
  ['another person', { account: { team: 'T01', user: 'U08' } }],
  ['another workspace', { account: { team: 'T0', user: '1U07' } }],
  ['another time', { pressedAt: press.pressedAt + 1 }],
  ['another message', { from: null }],
  ['another way', { via: 'link' }],
])('is not known with %s', (_, change) => {
  expect(known(old, sealedUnder(old, change))).toBe(false);
});
