import { App } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import { pino } from 'pino';
import type { MessageRef } from '#application/ports/press';
import { requestForms } from '#application/forms/request-forms';
import { mineReader } from '#application/forms/mine';
import { createPool } from '#postgres/connection';
import { startJobs } from '#postgres/jobs';
import { parseKeyRing } from '#postgres/key-ring';
import { openStores } from '#runtime/stores';
import { ensureQueues } from '#runtime/workers';
import { ACTIONS } from '#slack/action-ids';
import { renderSurface } from '#slack/cards/render-surface';
import { createSlack } from '#slack/slack';
import { roe, waiting } from '#test/slack/app/sample-card';
import { startWorkspace, type Workspace } from '#workspace/workspace';
import { benchDatabase, type BenchDatabase } from '../decision/database.ts';
import { TEAM } from '../decision/first-tenant.ts';
import { loadTold, machineTold } from '../machine.ts';
import { holds, tableOf } from '../table.ts';

/** Presses that come at one moment, each by somebody else. */
const AT_ONCE = 20;
const ROUNDS = 220;
/** In the first ones the engine still compiles what is done most. */
const WARMING = 20;
const APP = {
  botToken: 'xoxb-bench',
  appToken: 'xapp-bench',
  signingSecret: 'a-signing-secret',
};
const MOST_RATIO = 3;
const MOST_MS = 100;

/**
 * How long a press waits for its acknowledgement, with as many at once as an incident brings: by the
 * service, which stores each with its job first, over a Bolt app that does nothing but acknowledge.
 * Both take turns in one process, each over Socket Mode with a local workspace of its own.
 */
export async function benchAck(): Promise<string> {
  await using cleanup = new AsyncDisposableStack();
  const database = await benchDatabase(cleanup);
  const sides = [await ours(cleanup, database), await empty(cleanup)] as const;
  const took: readonly [number[], number[]] = [[], []];
  const start = `${machineTold()} at the start`;
  for (let round = 0; round < ROUNDS; round += 1)
    for (const [index, side] of sides.entries()) {
      const times = await pressAll(side);
      if (round >= WARMING) took[index === 0 ? 0 : 1].push(...times);
    }
  const [measured, against] = took.map((times) => percentile(times, 0.99));
  const row = {
    what: `${AT_ONCE} presses at once, 99th percentile until acknowledged`,
    measured: `${measured?.toFixed(1)} ms`,
    against: `${against?.toFixed(1)} ms by an empty listener`,
    ratio: (measured ?? Number.NaN) / (against ?? Number.NaN),
    limit: MOST_RATIO,
  };
  const most = {
    what: 'the same, of what it may take',
    measured: `${measured?.toFixed(1)} ms`,
    against: `${MOST_MS} ms`,
    ratio: (measured ?? Number.NaN) / MOST_MS,
    limit: 1,
  };
  if (![row, most].every(holds)) process.exitCode = 1;
  return `${start}, ${loadTold()} at the end\n\n${tableOf([row, most])}`;
}

interface Side {
  readonly workspace: Workspace;
  readonly cards: readonly { readonly user: string; readonly message: MessageRef }[];
}

const users = Array.from({ length: AT_ONCE }, (_, index) => `U0BENCH${index}`);

async function workspaceOf(cleanup: AsyncDisposableStack): Promise<Workspace> {
  const workspace = await startWorkspace({
    seed: {
      teams: [{ id: TEAM, name: 'Bench', domain: 'bench' }],
      users: users.map((id) => ({ id, name: id.toLowerCase(), realName: id })),
      channels: [],
      app: {
        id: 'A0BENCH',
        name: 'Break-glass',
        botUserId: 'U0BOT',
        scopes: ['commands', 'chat:write', 'im:write', 'users:read'],
        slashCommands: ['/breakglass'],
        delivery: { mode: 'socket' },
        ...APP,
      },
    },
  });
  cleanup.defer(() => workspace.close());
  return workspace;
}

async function ours(cleanup: AsyncDisposableStack, { url, kek }: BenchDatabase): Promise<Side> {
  const workspace = await workspaceOf(cleanup);
  const log = pino({ level: 'fatal' });
  const pool = createPool(url, { max: 20, role: 'breakglass_app' });
  cleanup.defer(() => pool.end());
  const jobs = await startJobs(url, { onError: (err) => log.error({ err }, 'a job went wrong') });
  cleanup.defer(() => jobs.stop(0));
  await ensureQueues(jobs);
  const stores = await openStores({ dataDir: '' }, { keyRing: parseKeyRing(kek) }, { pool, jobs });
  const nobody = { profile: notAsked, usergroupMembers: notAsked, usersOf: notAsked };
  const ports = { ...stores, directory: nobody, onCall: nobody, evaluation: false };
  const slack = createSlack({
    mode: 'socket',
    ...APP,
    apiUrl: workspace.apiUrl,
    forms: requestForms({ ...ports, paged: async () => false, channelStanding: async () => 'ok' }),
    mine: mineReader(ports),
    homes: stores.homes,
    presses: stores.presses,
    copies: stores.surfaces,
    log,
  });
  await slack.start();
  cleanup.defer(() => slack.stop());
  return { workspace, cards: await postCards(workspace) };
}

/** A press is stored before anybody is looked up. */
async function notAsked(): Promise<never> {
  throw new TypeError('nobody is looked up for a press');
}

async function empty(cleanup: AsyncDisposableStack): Promise<Side> {
  const workspace = await workspaceOf(cleanup);
  const app = new App({
    socketMode: true,
    token: APP.botToken,
    appToken: APP.appToken,
    clientOptions: { slackApiUrl: workspace.apiUrl },
  });
  app.action(ACTIONS.approve, ({ ack }) => ack());
  await app.start();
  cleanup.defer(async () => void (await app.stop()));
  return { workspace, cards: await postCards(workspace) };
}

async function postCards(workspace: Workspace): Promise<Side['cards']> {
  const client = new WebClient(APP.botToken, { slackApiUrl: workspace.apiUrl });
  const card = renderSurface({ kind: 'approver', card: waiting(), viewer: roe });
  return Promise.all(
    users.map(async (user) => {
      const { ts = '', channel = '' } = await client.chat.postMessage({ channel: user, ...card });
      return { user, message: { channel, ts } };
    }),
  );
}

async function pressAll({ workspace, cards }: Side): Promise<readonly number[]> {
  return Promise.all(
    cards.map(async ({ user, message }) => {
      const from = performance.now();
      const result = await workspace.as(user).press(message, ACTIONS.approve);
      if (!result.ok) throw new Error(`a press was not acknowledged: ${JSON.stringify(result)}`);
      return performance.now() - from;
    }),
  );
}

function percentile(times: readonly number[], part: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * part) - 1] ?? Number.NaN;
}
