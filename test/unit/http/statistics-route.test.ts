import { describe, expect, it } from 'vitest';
import { tenantId } from '#domain/ids';
import { DAY_MS, MINUTE_MS } from '#domain/instant';
import { statisticsRoute } from '#http/statistics-route';
import { History } from '#test/support/replay/history';
import { playBypass } from '#test/support/replay/random-history';

const TENANT = tenantId('6a0e8b0e-6a55-4b2e-9a4b-0c5b1f2d3e4f');
const history = new History();
playBypass(history);
const asked: number[] = [];

const route = statisticsRoute({
  statistics: {
    now: async () => history.now + MINUTE_MS,
    async *entriesSince(_tenant, from) {
      asked.push(from);
      yield* history.entries.map(({ statement }) => statement);
    },
  },
  tokens: {
    reader: async (kind, token) => (kind === 'statistics' && token === 'good' ? TENANT : null),
  },
  log: { error: (...said: unknown[]) => expect(said).toEqual([]) },
  limit: { perSecond: 1, burst: 1_000 },
  monotonicMs: () => 0,
});
const get = (query: string, headers: Record<string, string> = {}) =>
  route(
    new Request(`http://127.0.0.1/v1/statistics${query}`, {
      headers: { authorization: 'Bearer good', ...headers },
    }),
  );

describe('GET /v1/statistics', () => {
  it('tells by gate, of 90 days, unless asked otherwise', async () => {
    const response = await get('');
    expect(await response.json()).toMatchObject({
      by: ['gate'],
      rows: [{ gate: 'deploy', requests: 1, approved: 1, deploys: 1, reviews_done: 1 }],
      often: [],
    });
    expect(asked.at(-1)).toBe(history.now + MINUTE_MS - 90 * DAY_MS);
    const other = await get('?days=7&by=service,tier');
    expect(await other.json()).toMatchObject({ by: ['service', 'tier'], rows: [{ requests: 1 }] });
    expect(asked.at(-1)).toBe(history.now + MINUTE_MS - 7 * DAY_MS);
  });

  it('gives a file where one is asked for', async () => {
    const response = await get('', { accept: 'text/csv' });
    expect(response.headers.get('content-type')).toContain('text/csv');
    expect(await response.text()).toMatch(/^gate,requests,[^\r]*\r\ndeploy,1,0,1,/);
  });

  it.each(['?days=0', '?days=401', '?days=1e2', '?by=colour', '?by=gate,gate', '?by=gate,colour'])(
    'refuses %s with what to write',
    async (query) => {
      const response = await get(query);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({
        detail: expect.stringContaining('gate,service,environment,tier'),
      });
    },
  );

  it.each([
    ['no token', { authorization: '' }],
    ['one that reads something else', { authorization: 'Bearer of-the-log' }],
  ])('tells nothing to %s', async (_name, headers) => {
    expect((await get('', headers)).status).toBe(401);
  });
});
