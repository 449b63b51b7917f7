import { createHmac, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NEEDED_SCOPES, OPTIONAL_SCOPES } from '#slack/installs/scopes';
import { startWorkspace, type Workspace, type WorkspaceSeed } from '#workspace/workspace';
import {
  runBreakglass,
  spawnBreakglass,
  type BreakglassProcess,
  type Ended,
  type Environment,
} from './breakglass-process.ts';
import { freePort } from './free-port.ts';
import type { Defer } from './installation.ts';

/** One company with the app: its people and its channel, in a workspace of its own. */
export interface Company {
  readonly tenant: string;
  readonly team: string;
  readonly channel: string;
  readonly onCall: string;
  readonly approvers: readonly [string, string];
  readonly guest: string;
}

export const GATE = 'image-policy';
export const ENTERPRISE = 'E0GAMMA001';
const CLIENT = { clientId: '1234.5678', clientSecret: 'a-client-secret-of-slack' };
const SIGNING_SECRET = 'a-signing-secret-0001';

const company = (tenant: string, letter: string): Company => ({
  tenant,
  team: `T0${letter}TEAM001`,
  channel: `C0${letter}INCIDENT`,
  onCall: `U0${letter}ONCALL1`,
  approvers: [`U0${letter}FIRST01`, `U0${letter}SECOND1`],
  guest: `U0${letter}GUEST01`,
});

export const ALPHA = company('alpha', 'A');
export const BETA = company('beta', 'B');
/** In a workspace of an organisation. */
export const GAMMA = company('gamma', 'G');
const COMPANIES = [ALPHA, BETA, GAMMA];

/** @param beyond an account of another company that the policy lists as an approver. */
const policyOf = (
  { tenant, channel, onCall, approvers }: Company,
  beyond?: string,
): string => `version: 1
tenant: ${tenant}
channels: { incidents: "${channel}" }
services:
  checkout: { owner: ${onCall}, environments: [production], labels: [] }
gates:
  ${GATE}: { kind: http, description: "Only signed images reach production" }
${beyond === undefined ? '' : `people:\n  - { slack: ["${beyond}"] }\n`}groups:
  on-call: { slack: [${onCall}] }
  release: { slack: [${[...approvers, ...(beyond === undefined ? [] : [`"${beyond}"`])].join(', ')}] }
requesters: [on-call]
admins: [${approvers[0]}]
tiers:
  high:
    require: [{ from: release, count: 1 }]
    ttl: { offer: [15m], max: 1h }
default: high
post_mortem: { assignee: service.owner, due: 5 business days }
`;

function seed(url: string): WorkspaceSeed {
  const [home, ...rest] = COMPANIES.map(({ tenant, team }) => ({
    id: team,
    name: tenant,
    domain: tenant,
    ...(tenant === GAMMA.tenant && { enterpriseId: ENTERPRISE }),
  }));
  if (home === undefined) throw new RangeError('there is no company');
  return {
    teams: [home, ...rest],
    users: COMPANIES.flatMap(({ team: teamId, onCall, approvers, guest }) => [
      ...[onCall, ...approvers].map((id) => ({ id, teamId, name: id.toLowerCase(), realName: id })),
      { id: guest, teamId, name: guest.toLowerCase(), realName: guest, isRestricted: true },
    ]),
    channels: COMPANIES.map(({ tenant, team: teamId, channel: id, onCall, approvers, guest }) => ({
      id,
      teamId,
      name: `incidents-${tenant}`,
      members: [onCall, ...approvers, guest, botOf({ team: teamId, tenant })],
    })),
    app: {
      id: 'A0BREAKGLS',
      name: 'Break-glass',
      botUserId: 'U0UNUSED01',
      botToken: 'xoxb-unused',
      signingSecret: SIGNING_SECRET,
      scopes: [],
      slashCommands: ['/breakglass'],
      events: ['app_uninstalled', 'tokens_revoked', 'app_home_opened'],
      installedAtHome: false,
      oauth: { ...CLIENT, redirectUrls: [`${url}/slack/install/callback`] },
      delivery: { mode: 'http', requestUrl: `${url}/slack/events` },
    },
  };
}

/** As the workspace names the bot of an installation. */
const botOf = ({ team, tenant }: Pick<Company, 'team' | 'tenant'>): string =>
  `U0BOT${(tenant === GAMMA.tenant ? ENTERPRISE : team).slice(2)}`;

export interface ManyWorkspaces {
  readonly url: string;
  readonly workspace: Workspace;
  readonly settings: Environment;
  start(): Promise<BreakglassProcess>;
  run(...args: readonly string[]): Promise<Ended>;
  /** With something on standard input. */
  give(input: string, ...args: readonly string[]): Promise<Ended>;
  invite(company: Company): Promise<string>;
  /** Somebody follows an invitation to its end; gives the last page. */
  install(company: Company, change?: InstallChange): Promise<string>;
  applyPolicy(company: Company, beyond?: string, ...more: readonly string[]): Promise<Ended>;
  /** A payload as Slack signs it. */
  interact(payload: object): Promise<number>;
}

export interface InstallChange {
  readonly link?: string;
  readonly scopes?: string[];
  readonly answer?: 'yes' | 'no';
}

/** Lays a service out that many workspaces install; nothing of it runs yet. */
export async function layOutMany(defer: Defer, databaseUrl: string): Promise<ManyWorkspaces> {
  const dataDir = await mkdtemp(join(tmpdir(), 'breakglass-many-'));
  defer(() => rm(dataDir, { recursive: true, force: true }));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const workspace = await startWorkspace({ seed: seed(url) });
  defer(() => workspace.close());
  const settings = {
    SLACK_CLIENT_ID: CLIENT.clientId,
    SLACK_CLIENT_SECRET: CLIENT.clientSecret,
    SLACK_SIGNING_SECRET: SIGNING_SECRET,
    SLACK_API_URL: workspace.apiUrl,
    DATABASE_URL: databaseUrl,
    BREAKGLASS_KEK: randomBytes(32).toString('base64'),
    BREAKGLASS_DATA_DIR: dataDir,
    BREAKGLASS_EMBEDDED_SIGSTORE: 'evaluation',
    BREAKGLASS_PAGE_PRIVATE: 'yes',
    PUBLIC_URL: url,
    HOST: '127.0.0.1',
    PORT: String(port),
  };
  const run = (...args: readonly string[]): Promise<Ended> => runBreakglass(args, settings);
  const invite = async ({ tenant }: Company): Promise<string> =>
    done(await run('tenant', 'invite', tenant)).stdout.trim();
  return {
    url,
    workspace,
    settings,
    run,
    give: (input, ...args) => runBreakglass(args, settings, input),
    async start() {
      const child = spawnBreakglass(['start'], settings);
      defer(async () => {
        child.signal('SIGKILL');
        await child.ended;
      });
      await child.logged(({ msg }) => msg === 'ready');
      return child;
    },
    invite,
    async install(which, change = {}) {
      return follow(workspace, which, change.link ?? (await invite(which)), change);
    },
    async applyPolicy(which, beyond, ...more) {
      const file = join(dataDir, `${which.tenant}.yaml`);
      await writeFile(file, policyOf(which, beyond));
      return run('policy', 'apply', '--tenant', which.tenant, ...more, file);
    },
    async interact(payload) {
      const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
      const timestamp = String(Math.floor(Date.now() / 1_000));
      const mac = createHmac('sha256', SIGNING_SECRET).update(`v0:${timestamp}:${body}`);
      const { status } = await fetch(`${url}/slack/events`, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          'x-slack-request-timestamp': timestamp,
          'x-slack-signature': `v0=${mac.digest('hex')}`,
        },
        body,
      });
      return status;
    },
  };
}

/** What a command that has to succeed wrote. */
export function done(ended: Ended): Ended {
  if (ended.code !== 0) throw new Error(`it failed: ${ended.stdout}${ended.stderr}`);
  return ended;
}

/** A form that a page of the service sends. */
export const post = (address: string, cookie: string, fields: Record<string, string> = {}) =>
  fetch(address, {
    method: 'POST',
    headers: { origin: new URL(address).origin, 'sec-fetch-site': 'same-origin', cookie },
    body: new URLSearchParams(fields),
  });

/** As a browser does: to Slack, back, and to the question whether to bind. */
export async function toQuestion(
  workspace: Workspace,
  { team, tenant }: Company,
  link: string,
  scopes: string[] = [...NEEDED_SCOPES, ...OPTIONAL_SCOPES],
): Promise<{ readonly page: string; readonly cookie: string; readonly back: string }> {
  const sent = await post(link, '');
  const cookie = (sent.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const [, slack = ''] = /url=([^"]+)"/.exec(await sent.text()) ?? [];
  const place = tenant === GAMMA.tenant ? { enterpriseId: ENTERPRISE } : { teamId: team };
  const back = workspace.allowInstall(slack.replaceAll('&amp;', '&'), place, scopes);
  const page = await (await fetch(back, { headers: { cookie } })).text();
  return { page, cookie, back };
}

export const handleIn = (page: string): string =>
  /name="handle" value="([^"]+)"/.exec(page)?.[1] ?? '';

async function follow(
  workspace: Workspace,
  which: Company,
  link: string,
  { scopes, answer = 'yes' }: InstallChange,
): Promise<string> {
  const { page, cookie } = await toQuestion(workspace, which, link, scopes);
  const confirm = new URL('confirm', link).href;
  const last = await post(confirm, cookie, { handle: handleIn(page), answer });
  return last.text();
}
