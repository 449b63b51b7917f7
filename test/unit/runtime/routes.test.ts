import { afterEach, describe, expect, it } from 'vitest';
import { pino } from 'pino';
import { readConfig } from '#runtime/config/read-config';
import { mountRoutes, type MountedRoutes } from '#runtime/routes';

const NOBODY_ASKS: Parameters<MountedRoutes['mountDecisions']>[0] = {
  answer: async () => ({ notAuthenticated: true }),
};
const KEYS = { jwks: () => ({ keys: [] }) };
const open: AsyncDisposableStack[] = [];

afterEach(async () => {
  for (const one of open.splice(0)) await one.disposeAsync();
});

async function mounted(): Promise<MountedRoutes> {
  const read = readConfig({
    SLACK_BOT_TOKEN: 'xoxb-1',
    SLACK_APP_TOKEN: 'xapp-1',
    BREAKGLASS_POLICY: 'policy.yaml',
    PORT: '0',
  });
  if (!read.ok) throw new RangeError('these settings are right');
  const cleanup = new AsyncDisposableStack();
  open.push(cleanup);
  return mountRoutes(read.config, pino({ level: 'silent' }), cleanup);
}

async function asked(routes: MountedRoutes, path: string) {
  const response = await fetch(`${routes.url}${path}`);
  return { status: response.status, body: await response.json() };
}

const notReady = (reason: string) => ({
  status: 503,
  body: { status: 'not-ready', reasons: [reason] },
});

describe('/readyz', () => {
  it('says no while the service starts, when decisions are not answered yet', async () => {
    const routes = await mounted();
    expect(await asked(routes, '/readyz')).toEqual(notReady('the service is starting'));
  });

  it('says yes, and no again while the database does not answer', async () => {
    const routes = await mounted();
    let reasons: readonly string[] = [];
    routes.mountDecisions(NOBODY_ASKS, KEYS, async () => reasons);
    expect(await asked(routes, '/readyz')).toEqual({ status: 200, body: { status: 'ready' } });
    reasons = ['the database does not answer'];
    expect(await asked(routes, '/readyz')).toEqual(notReady('the database does not answer'));
    expect((await asked(routes, '/livez')).status).toBe(200);
    reasons = [];
    expect((await asked(routes, '/readyz')).status).toBe(200);
  });

  it.each([
    ['never answers', () => new Promise<never>(() => {})],
    ['fails', () => Promise.reject(new Error('the check is broken'))],
  ])('says no when the check %s', async (_, check) => {
    const routes = await mounted();
    routes.mountDecisions(NOBODY_ASKS, KEYS, check);
    expect((await asked(routes, '/readyz')).status).toBe(503);
  });

  it('says no while it stops, and finishes what is under way', async () => {
    const routes = await mounted();
    routes.mountDecisions(NOBODY_ASKS, KEYS, async () => []);
    routes.drain();
    expect(await asked(routes, '/readyz')).toEqual(notReady('the service is stopping'));
    expect((await asked(routes, '/livez')).status).toBe(200);
    expect((await asked(routes, '/.well-known/breakglass/decision-keys.json')).status).toBe(200);
  });
});

describe('/startupz', () => {
  it('says no while the service starts, and yes from then on, whatever comes', async () => {
    const routes = await mounted();
    expect(await asked(routes, '/startupz')).toEqual({ status: 503, body: { status: 'starting' } });
    routes.mountDecisions(NOBODY_ASKS, KEYS, async () => ['the database does not answer']);
    const started = { status: 200, body: { status: 'started' } };
    expect(await asked(routes, '/startupz')).toEqual(started);
    routes.drain();
    expect(await asked(routes, '/startupz')).toEqual(started);
  });
});
