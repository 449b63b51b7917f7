import { readFile } from 'node:fs/promises';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { describe, expect, it, vi } from 'vitest';
import { ALARM_CODES } from '#application/ports/alarm';
import type { Measurements } from '#application/ports/measurements';
import { databaseGauges } from '#runtime/observe/database-gauges';
import { buildInfo, openMetrics } from '#runtime/observe/open-metrics';
import { prometheusMeasure } from '#runtime/observe/prometheus-measure';
import { refreshed } from '#runtime/observe/refreshed';

const file = (path: string) => readFile(new URL(`../../../../${path}`, import.meta.url), 'utf8');

const READ: Measurements = {
  active: 2,
  unclosed: 0,
  waiting: 1,
  overdue: 0,
  overdueS: 0,
  tenants: 3,
  entries: 41,
  checkpointsNeverSent: 0,
  checkpointAgeS: 12.5,
  destinations: { channel: 0, mail: 1, witness: 0 },
  pauses: 0,
  provisional: 0,
  provisionalS: 0,
  queues: [{ queue: 'press', ready: 1, deferred: 2, active: 3, dead: 4, oldestS: 5 }],
  alarms: [{ code: 'gate-open', standing: 1 }],
};

/** Everything of ours that there is to scrape. */
async function everything(): Promise<Registry> {
  const registry = new Registry();
  prometheusMeasure(registry);
  databaseGauges(registry).set(READ);
  await buildInfo(registry);
  return registry;
}

/** As they are in the registry: a histogram has three more under its name. */
async function scraped(): Promise<ReadonlySet<string>> {
  const all = await (await everything()).getMetricsAsJSON();
  const parts = ['', '_bucket', '_sum', '_count'];
  return new Set(
    all.flatMap(({ name, type }) =>
      String(type) === 'histogram' ? parts.map((part) => `${name}${part}`) : [name],
    ),
  );
}

const OURS = /\bbreakglass_[a-z0-9_]+/g;
const namesIn = (text: string): readonly string[] => [...new Set(text.match(OURS))].toSorted();

describe('every metric', () => {
  it.each(['alerts.yaml', 'alerts.test.yaml', 'dashboard.json'])(
    'that %s names exists',
    async (name) => {
      const text = await file(`deploy/monitoring/${name}`);
      const known = await scraped();
      const named = namesIn(text);
      expect(named.length).toBeGreaterThan(10);
      expect(named.filter((one) => !known.has(one))).toEqual([]);
    },
  );

  it('stands in the documentation, with all its labels and no other', async () => {
    const rows = (await file('docs/monitoring.md'))
      .split('\n')
      .filter((line) => line.startsWith('| `breakglass_'))
      .map((line) => line.split('|').map((cell) => cell.trim()));
    const told = rows.map(([, name = '', ...cells]) => {
      const labels = cells.length > 3 ? cells[1] : cells[0];
      return [name, ...(labels ?? '').split(', ')].filter((one) => one !== '').join(' ');
    });
    const all = (await everything()).getMetricsAsArray() as readonly unknown[] as readonly {
      readonly name: string;
      readonly labelNames: readonly string[];
    }[];
    const there = all.map(({ name, labelNames }) =>
      [name, ...labelNames].map((one) => `\`${one}\``).join(' '),
    );
    expect(told.toSorted()).toEqual(there.toSorted());
  });

  it('counts by closed lists, and by nobody and nothing of a tenant', async () => {
    const all = (await everything()).getMetricsAsArray() as readonly unknown[] as readonly {
      readonly labelNames: readonly string[];
    }[];
    const labels = new Set(all.flatMap(({ labelNames }) => labelNames));
    expect([...labels].toSorted()).toEqual([
      'action',
      'answer',
      'code',
      'kind',
      'method',
      'node',
      'outcome',
      'payload',
      'phase',
      'queue',
      'reason',
      'service',
      'state',
      'type',
      'version',
      'way',
    ]);
  });

  it('of a method that is none of Slack is no new series', async () => {
    const registry = new Registry();
    const measure = prometheusMeasure(registry);
    measure.slackCalled('https://evil.example', 'ok', 1);
    measure.slackLimited('chat.update', 30);
    measure.slackLimited('chat.update', 12);
    const text = await registry.metrics();
    expect(text).toContain('breakglass_slack_call_seconds_count{method="other",outcome="ok"} 1');
    expect(text).toContain('breakglass_slack_limit_seconds_total{method="chat.update"} 42');
    expect(text).not.toContain('evil');
  });
});

it('every alert has its paragraph, and no paragraph is without', async () => {
  const alerts = [...(await file('deploy/monitoring/alerts.yaml')).matchAll(/- alert: (\w+)/g)];
  const names = alerts.map(([, name]) => name ?? '');
  const paragraphs = [...(await file('docs/monitoring.md')).matchAll(/^### (Breakglass\w+)$/gm)];
  expect(paragraphs.map(([, name]) => name)).toEqual(names);
  const runbooks = (await file('deploy/monitoring/alerts.yaml')).match(/runbook: .*/g);
  expect(runbooks).toEqual(
    names.map((name) => `runbook: docs/monitoring.md#${name.toLowerCase()}`),
  );
});

it('each alarm that stands pages by some rule', async () => {
  const text = await file('deploy/monitoring/alerts.yaml');
  const left = /code!~"([^"]+)"/.exec(text)?.[1]?.split('|') ?? [];
  const own = [...text.matchAll(/code=~?"([^"]+)"/g)].flatMap(([, codes = '']) => codes.split('|'));
  // These two have a metric of their own, with a rule.
  const byMetric = ['entry-provisional', 'jobs-dead-lettered'];
  expect(left.toSorted()).toEqual([...own, ...byMetric].toSorted());
  expect(left.filter((code) => !ALARM_CODES.some((known) => known === code))).toEqual([]);
});

describe('what is read of the database', () => {
  it('is absent, and not as it was, once it does not answer', async () => {
    const registry = new Registry();
    const gauges = databaseGauges(registry);
    gauges.set(READ);
    expect(await registry.metrics()).toContain('breakglass_dead_letters{queue="press"} 4');
    gauges.forget();
    const text = await registry.metrics();
    const samples = text.split('\n').filter((line) => line.startsWith('breakglass_'));
    expect(samples).toEqual(['breakglass_database_up 0']);
  });

  it('has an alarm that is over at 0, and not gone', async () => {
    const registry = new Registry();
    const gauges = databaseGauges(registry);
    gauges.set(READ);
    gauges.set({ ...READ, alarms: [] });
    expect(await registry.metrics()).toContain('breakglass_alarms{code="gate-open"} 0');
  });

  it('is read once for all who ask together, and again after 5 s', async () => {
    let now = 0;
    const read = vi.fn(async () => 1);
    const told = vi.fn();
    const refresh = refreshed(read, told, told, { clock: () => now });
    await Promise.all([refresh(), refresh(), refresh()]);
    now = 4_999;
    await refresh();
    expect(read).toHaveBeenCalledTimes(1);
    now = 5_000;
    await refresh();
    expect(read).toHaveBeenCalledTimes(2);
    expect(told.mock.calls).toEqual([[1], [1]]);
  });

  it('is waited for no longer than the limit, and tried again by who comes next', async () => {
    const failed = vi.fn();
    const answers = [new Promise<never>(() => {}), Promise.resolve(7)];
    const told = vi.fn();
    const refresh = refreshed(() => answers.shift() ?? Promise.resolve(0), told, failed, {
      limitMs: 10,
    });
    await refresh();
    expect(failed).toHaveBeenCalledTimes(1);
    await refresh();
    expect(told.mock.calls).toEqual([[7]]);
  });
});

describe('the port of the metrics', () => {
  it('serves them, and nothing else', async () => {
    await using cleanup = new AsyncDisposableStack();
    const lines: string[] = [];
    const log = pino({ base: null }, { write: (line: string) => void lines.push(line) });
    const metrics = openMetrics({ host: '127.0.0.1', port: 0 }, log, cleanup);
    let isAway = false;
    await metrics.serve(async () => {
      if (isAway) throw new Error('away');
      return READ;
    });
    isAway = true;
    const { url = '' } = JSON.parse(lines[0] ?? '{}') as { readonly url?: string };
    const got = await fetch(url);
    expect(got.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const text = await got.text();
    expect(text).toContain('nodejs_version_info');
    expect(text).toContain('breakglass_database_up 0');
    expect((await fetch(url, { method: 'POST' })).status).toBe(405);
    expect((await fetch(url.replace('/metrics', '/v1/decisions'))).status).toBe(404);
  });
});
