import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LookUpFailed } from '#application/ports/directory';
import type { OnCallSource } from '#application/ports/on-call';
import { PageFailed, type Page } from '#application/ports/pager';
import { tenantId } from '#domain/ids';
import { HOUR_MS, SECOND_MS } from '#domain/instant';
import { createOnCall } from '#notify/pagerduty/on-call';
import { createPagerDutyPager } from '#notify/pagerduty/pagerduty-pager';
import { pagerDutyServer, type PagerDutyServer } from '#test/support/pagerduty/pagerduty-server';
import { card, page } from './page.ts';

const TENANT = tenantId('00000000-0000-4000-8000-000000000001');
const NOW = Date.UTC(2026, 10, 23, 2);
const KEY = 'R'.repeat(32);
const schedule: OnCallSource = { kind: 'schedule', id: 'PDB1' };
const policy = (...levels: readonly number[]): OnCallSource => ({
  kind: 'escalation-policy',
  id: 'PEP1',
  levels,
});

let pagerDuty: PagerDutyServer;
let clock = 0;
let onCall: ReturnType<typeof createOnCall>;
let token: string | null;

beforeEach(async () => {
  pagerDuty = await pagerDutyServer();
  ({ token } = pagerDuty);
  clock = 0;
  onCall = createOnCall({
    accountOf: async () => (token === null ? null : { url: pagerDuty.url, token }),
    allowPrivate: true,
    clock: () => clock,
  });
});
afterEach(async () => {
  await onCall.close();
  await pagerDuty.close();
});

const usersOf = (source: OnCallSource, now = NOW) => onCall.usersOf(TENANT, source, now);
const later = () => void (clock += 15 * SECOND_MS);

describe('who is on call', () => {
  it('is whom a schedule puts there at that instant, in an escalation policy or not', async () => {
    pagerDuty.schedule('PDB1', [
      { user: 'PNIGHT', from: NOW - HOUR_MS, to: NOW + HOUR_MS },
      { user: 'PDAY', from: NOW + HOUR_MS, to: NOW + 9 * HOUR_MS },
    ]);
    expect(await usersOf(schedule)).toEqual(['PNIGHT']);
    later();
    expect(await usersOf(schedule, NOW + 2 * HOUR_MS)).toEqual(['PDAY']);
    later();
    expect(await usersOf(schedule, NOW + 20 * HOUR_MS)).toEqual([]);
  });

  it('is of these levels of an escalation policy alone, each person once', async () => {
    pagerDuty.schedule('PDB1', [{ user: 'PNIGHT', from: NOW - HOUR_MS, to: NOW + HOUR_MS }]);
    pagerDuty.escalationPolicy('PEP1', [
      [{ schedule: 'PDB1' }],
      [{ user: 'PLEAD' }, { user: 'PNIGHT' }],
    ]);
    expect(await usersOf(policy(1))).toEqual(['PNIGHT']);
    expect(await usersOf(policy(2))).toEqual(['PLEAD', 'PNIGHT']);
    expect(await usersOf(policy(1, 2))).toEqual(['PNIGHT', 'PLEAD']);
    expect(await usersOf(policy(3))).toEqual([]);
  });

  it('is read to the last page', async () => {
    const everybody = Array.from({ length: 230 }, (_, index) => ({ user: `PUSER${index}` }));
    pagerDuty.escalationPolicy('PEP1', [everybody]);
    expect(await usersOf(policy(1))).toHaveLength(230);
    expect(pagerDuty.asked).toHaveLength(3);
  });

  it('ends with the shift, to the instant', async () => {
    pagerDuty.schedule('PDB1', [
      { user: 'PNIGHT', from: NOW - HOUR_MS, to: NOW },
      { user: 'PDAY', from: NOW, to: NOW + HOUR_MS },
    ]);
    pagerDuty.escalationPolicy('PEP1', [[{ schedule: 'PDB1' }]]);
    expect(await usersOf(policy(1))).toEqual(['PDAY']);
    expect(await usersOf(schedule)).toEqual(['PDAY']);
  });

  it('is asked once for all who want to know within fifteen seconds', async () => {
    pagerDuty.schedule('PDB1', []);
    await Promise.all([usersOf(schedule), usersOf(schedule)]);
    await usersOf(schedule);
    expect(pagerDuty.asked).toHaveLength(1);
    later();
    await usersOf(schedule);
    expect(pagerDuty.asked).toHaveLength(2);
  });
});

describe('a look-up fails, and is no empty list,', () => {
  it.each([
    ['where there is no such schedule', schedule],
    ['where there is no such escalation policy', policy(1)],
  ])('%s', async (_, source) => {
    await expect(usersOf(source)).rejects.toBeInstanceOf(LookUpFailed);
  });

  it.each([401, 403, 500, 503])('where PagerDuty answers %i', async (status) => {
    pagerDuty.schedule('PDB1', []);
    pagerDuty.failNext({ status });
    await expect(usersOf(schedule)).rejects.toBeInstanceOf(LookUpFailed);
    expect(await usersOf(schedule)).toEqual([]);
  });

  it('with a wrong token, and nothing that is thrown has it', async () => {
    pagerDuty.schedule('PDB1', []);
    token = 'y_wrongTokenWrongToken';
    const error: unknown = await usersOf(schedule).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(LookUpFailed);
    expect(JSON.stringify([error, String((error as Error).stack)])).not.toContain(token);
  });

  it('where PagerDuty is not connected, or not there', async () => {
    token = null;
    await expect(usersOf(schedule)).rejects.toBeInstanceOf(LookUpFailed);
    ({ token } = pagerDuty);
    await pagerDuty.close();
    await expect(usersOf(schedule)).rejects.toBeInstanceOf(LookUpFailed);
  });

  it('until a rate limit is over, without asking meanwhile', async () => {
    pagerDuty.schedule('PDB1', []);
    pagerDuty.failNext({ status: 429, headers: { 'ratelimit-reset': '20' } });
    await expect(usersOf(schedule)).rejects.toBeInstanceOf(LookUpFailed);
    later();
    await expect(usersOf(schedule)).rejects.toBeInstanceOf(LookUpFailed);
    expect(pagerDuty.asked).toEqual([]);
    later();
    expect(await usersOf(schedule)).toEqual([]);
  });
});

describe('a page by PagerDuty', () => {
  const logged: unknown[] = [];
  const sent = async (one: Page) => {
    const pager = createPagerDutyPager({
      url: pagerDuty.url,
      routingKey: KEY,
      allowPrivate: true,
      log: { warn: (...line) => void logged.push(line) },
    });
    try {
      await pager.page(one);
      return 'taken';
    } catch (error) {
      return error instanceof PageFailed ? error.code : error;
    } finally {
      await pager.close();
    }
  };
  const resolved: Page = { ...page, kind: 'resolved', card: { ...card, phase: 'denied' } };

  it('says what is asked, with the way to decide', async () => {
    expect(await sent(page)).toBe('taken');
    const [event] = pagerDuty.events;
    expect(event).toMatchObject({
      routing_key: KEY,
      event_action: 'trigger',
      dedup_key: 'bp-1/0.1',
      client_url: 'https://breakglass.example/b/bp-1',
      links: [{ href: 'https://breakglass.example/b/bp-1', text: 'Decide on this request' }],
      payload: {
        summary: 'Break-glass approval needed: image-policy for checkout production, by J. Doe',
        severity: 'critical',
        source: 'image-policy',
      },
    });
    expect(event?.payload?.custom_details).toMatchObject({ requester: 'J. Doe', drill: false });
  });

  it('is another alert each time that it is to wake people, and all of them are resolved', async () => {
    await sent(page);
    await sent({ ...page, kind: 'escalated', rings: ['300000.2'] });
    expect(pagerDuty.open()).toEqual(['bp-1/0.1', 'bp-1/300000.2']);
    await sent({ ...resolved, rings: ['0.1', '300000.2'] });
    expect(pagerDuty.open()).toEqual([]);
  });

  it('of a drill wakes nobody by itself, and says what it is', async () => {
    await sent({ ...page, card: { ...card, drill: true } });
    const [event] = pagerDuty.events;
    expect(event?.payload?.severity).toBe('info');
    expect(event?.payload?.summary).toMatch(/^\[DRILL\] /);
  });

  it('for which nobody can be asked says so, and what to do', async () => {
    const nextStep = { at: NOW, groups: ['db-senior'] };
    await sent({ ...page, card: { ...card, nobodyFor: ['release'], nextStep } });
    const payload = pagerDuty.events[0]?.payload;
    expect(payload?.summary).toContain('(nobody to ask in release)');
    expect(payload?.custom_details?.['nobody_to_ask']).toContain(
      'At 2026-11-23 02:00 UTC db-senior',
    );
  });

  it('is whole however long a name is', async () => {
    const requester = { ...card.requester, name: 'x'.repeat(5_000) };
    expect(await sent({ ...page, card: { ...card, requester } })).toBe('taken');
  });

  it.each([
    [400, 'rejected'],
    [429, 'unavailable'],
    [500, 'unavailable'],
  ])('that is answered with %i is %s', async (status, code) => {
    pagerDuty.failNext({ status });
    expect(await sent(page)).toBe(code);
    expect(JSON.stringify(logged)).not.toContain(KEY);
  });
});
