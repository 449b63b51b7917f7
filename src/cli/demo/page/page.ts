import { createLog } from '#runtime/log';
import { listen } from '#http/listen';
import { clientAssets, type ClientAssets } from '#workspace/client-assets';
import { ciRunner } from '../ci/ci-runner.ts';
import type { Demo } from '../start-demo.ts';
import { tour } from '../tour/tour.ts';
import { audits } from './audits.ts';
import { clockMover } from './clock-mover.ts';
import { databaseClock } from './database-clock.ts';
import { feed } from './feed.ts';
import { logBook } from './log-book.ts';
import { openPageStores } from './page-stores.ts';
import { pageRoutes } from './routes.ts';

export interface DemoPage {
  readonly url: string;
  close(): Promise<void>;
}

const DRAIN_MS = 1_000;
const CLIENT = new URL('../client/', import.meta.url);

/** Serves the page beside a running demo, on loopback only. 0 takes any free port. */
export async function startPage(demo: Demo, port: number): Promise<DemoPage> {
  await using cleanup = new AsyncDisposableStack();
  const { workspace, service, clock } = demo;
  const { stores, pool } = await openPageStores(demo.dataDir, cleanup);
  const live = feed(stores.logs, service.tenant, workspace);
  const changed = (): void => live.changed();

  const ci = ciRunner({
    url: service.url,
    now: () => clock.now(),
    tokenFor: tokensOf(demo),
    onChange: changed,
  });
  cleanup.defer(() => ci.stop());

  const log = logBook(stores, service.tenant);
  const auditor = audits(demo, stores, log, changed);
  const mover = clockMover(clock, databaseClock(pool, clock), ci, changed);
  const guide = tour({ workspace, ci, audits: auditor, clock: mover });
  const world = { demo, stores, pool, log, ci, audits: auditor, clock: mover, tour: guide };

  const closing = new AbortController();
  const routes = pageRoutes(world, live, bundledOnce(), closing.signal);
  const listening = await listen((request) => routes.fetch(request), {
    port,
    log: createLog('error', process.stderr),
    drainMs: DRAIN_MS,
  });
  cleanup.defer(() => listening.close());
  cleanup.defer(() => closing.abort());
  const running = cleanup.move();
  return { url: listening.url, close: () => running.disposeAsync() };
}

/** Bundled at the first request: whoever plays the script alone never waits for it. */
function bundledOnce(): () => Promise<ClientAssets> {
  let bundled: Promise<ClientAssets> | undefined;
  return () => (bundled ??= clientAssets(CLIENT));
}

/** A token that may ask about one gate, made when its first deploy does. */
function tokensOf({ service: { tokens, tenant } }: Demo): (gate: string) => Promise<string> {
  const made = new Map<string, string>();
  return async (gate) => {
    const token =
      made.get(gate) ?? (await tokens.create(tenant, { name: 'demo CI', gate, service: null }));
    made.set(gate, token);
    return token;
  };
}
