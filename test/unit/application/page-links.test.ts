import { expect, test } from 'vitest';
import type { TenantReads, TenantStore } from '#application/ports/tenant-store';
import type { Surface } from '#application/ports/surface';
import { slackPageLinks } from '#application/surfaces/page-links';
import { bypassId, tenantId } from '#domain/ids';

const TENANT = tenantId('00000000-0000-4000-8000-000000000001');
const BYPASS = bypassId('bp-1');
const approver = (user: string, ts: string | null): Surface => ({
  id: user,
  tenant: TENANT,
  bypass: BYPASS,
  kind: 'approver',
  to: { kind: 'person', account: { team: 'T01', user } },
  message: ts === null ? null : { channel: `D0${user}`, ts },
  unanswered: 0,
});

function linkWith(surfaces: readonly Surface[], known = true): Promise<string | null> {
  const tx = {
    surfacesOf: async () => surfaces,
    currentPolicy: async () => ({ directory: { homeTeam: 'T01' } }),
  } as unknown as TenantReads;
  const store: Pick<TenantStore, 'read'> = { read: (_tenant, work) => work(tx) };
  const links = slackPageLinks(
    { store: store as TenantStore },
    {
      ofMessage: async (team, { channel, ts }) => (known ? `${team}/${channel}/${ts}` : null),
      ofApp: async (team) => `app in ${team}`,
    },
  );
  return links.linkFor(TENANT, BYPASS);
}

test('a page for one leads to their card, once it stands', async () => {
  expect(await linkWith([approver('U1', '1.1')])).toBe('T01/D0U1/1.1');
  expect(await linkWith([approver('U1', null)])).toBe('app in T01');
  expect(await linkWith([approver('U1', '1.1')], false)).toBe('app in T01');
});

test('a page for several leads each to their own messages with the app', async () => {
  expect(await linkWith([approver('U1', '1.1'), approver('U2', '1.1')])).toBe('app in T01');
  expect(await linkWith([])).toBe('app in T01');
});
