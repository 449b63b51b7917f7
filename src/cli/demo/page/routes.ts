import { Hono, type Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { secureHeaders } from 'hono/secure-headers';
import { streamSSE } from 'hono/streaming';
import { z } from 'zod';
import { WaitTimedOut } from '#workspace/changes';
import type { ClientAssets } from '#workspace/client-assets';
import { CannotAct } from '#workspace/driver/cannot-act';
import { DemoFailed } from '../acts.ts';
import { BRANCHES, PIPELINES } from '../ci/pipelines.ts';
import type { ClockMove } from '../wire.ts';
import type { Feed } from './feed.ts';
import { fromHere } from './from-here.ts';
import { readStanding } from './gates-view.ts';
import { entryDetail } from './log-view.ts';
import { pageState, type PageWorld } from './page-state.ts';
import { shell } from './shell.ts';

const MAX_BODY_BYTES = 4_096;

const MOVES = ['minute', 'quarter', 'hour', 'days', 'expiry'] as const satisfies ClockMove[];
const order = z.strictObject({
  pipeline: z.string(),
  artifact: z.string(),
  branch: z.enum(BRANCHES),
});
const move = z.strictObject({ move: z.enum(MOVES) });
const tampering = z.strictObject({ cheat: z.string() });

/** Everything under the address of the demo's page. */
export function pageRoutes(
  world: PageWorld,
  feed: Feed,
  assets: () => Promise<ClientAssets>,
  closing: AbortSignal,
): Hono {
  const app = new Hono();
  app.use(fromHere);
  app.use(secureHeaders({ xFrameOptions: 'DENY', strictTransportSecurity: false }));
  app.use(bodyLimit({ maxSize: MAX_BODY_BYTES, onError: tooLarge }));
  app.use(async (context, next) => {
    await next();
    context.header('cache-control', 'no-store');
  });
  app.get('/', (context) => shell(context, world.demo.workspace.origin));
  app.get('/client.js', async () => asset((await assets()).script, 'text/javascript'));
  app.get('/client.css', async () => asset((await assets()).styles, 'text/css'));
  app.get('/state', async (context) => context.json(await pageState(world)));
  app.get('/feed', (context) => sendFeed(context, world, feed, closing));
  app.get('/entries/:index', (context) => sendEntry(context, world));
  deployRoutes(app, world);
  auditRoutes(app, world);
  tourRoutes(app, world, feed);
  app.post('/clock', async (context) => {
    const asked = move.safeParse(await bodyOf(context));
    return asked.success ? context.json(await world.clock.move(asked.data.move)) : bad(context);
  });
  app.notFound((context) => context.json({ problem: 'There is no such page.' }, 404));
  app.onError(failed);
  return app;
}

/** An act that cannot be done now says why in words for the visitor; anything else is a fault. */
function failed(error: Error, context: Context): Response {
  const isOfAct =
    error instanceof DemoFailed || error instanceof CannotAct || error instanceof WaitTimedOut;
  if (isOfAct) return context.json({ problem: error.message }, 409);
  throw error;
}

function deployRoutes(app: Hono, { ci }: PageWorld): void {
  app.post('/deploys', async (context) => {
    const asked = order.safeParse(await bodyOf(context));
    if (!asked.success) return bad(context);
    const pipeline = PIPELINES.find((one) => one.id === asked.data.pipeline);
    const artifact = pipeline?.artifacts.find((one) => one.tag === asked.data.artifact);
    if (pipeline === undefined || artifact === undefined) return bad(context);
    return context.json(await ci.start({ pipeline, artifact, branch: asked.data.branch }));
  });
  app.post('/deploys/:id/finish', async (context) =>
    (await ci.finish(context.req.param('id')))
      ? context.json({ finished: true })
      : context.json({ problem: 'That deploy is not in flight.' }, 409),
  );
}

function auditRoutes(app: Hono, { audits }: PageWorld): void {
  app.post('/verify', async (context) => context.json(await audits.verify()));
  app.post('/tamper', async (context) => {
    const asked = tampering.safeParse(await bodyOf(context));
    if (!asked.success) return bad(context);
    const told = await audits.tamper(asked.data.cheat);
    return told === null
      ? context.json({ problem: 'There is nothing to change yet.' }, 409)
      : context.json(told);
  });
}

function tourRoutes(app: Hono, world: PageWorld, feed: Feed): void {
  const { tour, log, stores, demo } = world;
  app.post('/tour/do/:step', async (context) => {
    const book = await log.read();
    const { chains } = await readStanding(stores, demo.service.tenant, book);
    const done = await tour.act(context.req.param('step'), book, chains);
    return done ? context.json({ done }) : bad(context);
  });
  app.post('/tour/restart', async (context) => {
    tour.restart(await log.read());
    feed.changed();
    return context.json({ restarted: true });
  });
}

function sendFeed(context: Context, world: PageWorld, feed: Feed, closing: AbortSignal): Response {
  return streamSSE(context, async (stream) => {
    const gone = new AbortController();
    stream.onAbort(() => gone.abort());
    for await (const _ of feed.ticks(AbortSignal.any([closing, gone.signal])))
      await stream.writeSSE({ data: JSON.stringify(await pageState(world)) });
  });
}

async function sendEntry(context: Context, { log, demo, stores }: PageWorld): Promise<Response> {
  const { entries } = await log.read();
  const entry = entries.find(({ index }) => String(index) === context.req.param('index'));
  if (entry === undefined) return context.notFound();
  const { trustedRootFile, tenant } = demo.service;
  const keys = await stores.keys.publicKeysOf(tenant);
  return context.json(await entryDetail(entry, trustedRootFile ?? '', keys));
}

function asset(body: string, type: string): Response {
  return new Response(body, { headers: { 'content-type': `${type}; charset=utf-8` } });
}

const bodyOf = (context: Context): Promise<unknown> => context.req.json().catch(() => null);

const tooLarge = (context: Context): Response =>
  context.json({ problem: `The request is too large: ${MAX_BODY_BYTES} bytes are the most.` }, 413);

const bad = (context: Context): Response =>
  context.json({ problem: 'The request cannot be read.' }, 400);
