import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { startWorkspace, type Workspace, type WorkspaceOptions } from '#workspace/workspace';
import { acme, policy, SLACK } from './acme.ts';
import {
  runBreakglass,
  spawnBreakglass,
  type BreakglassProcess,
  type Ended,
  type Environment,
} from './breakglass-process.ts';
import { endPostmasterOf } from './embedded-server.ts';
import { freePort } from './free-port.ts';

/** vitest's `onTestFinished` or `afterAll`: what is given to it runs even after a failure. */
export type Defer = (cleanup: () => Promise<void>) => void;

export interface InstallationOptions {
  /** A database of the test; the embedded one unless given. */
  readonly databaseUrl?: string;
  readonly mode?: 'socket' | 'http';
  readonly policy?: string;
  /** Shared by replicas; a new one unless given. */
  readonly kek?: string;
  /** An installation whose Slack this one is another replica of. */
  readonly replicaOf?: Installation;
  readonly workspace?: Omit<WorkspaceOptions, 'seed'>;
  readonly settings?: Environment;
}

/** One installation of the service: its folder, settings and Slack workspace. */
export interface Installation {
  readonly dataDir: string;
  readonly policyFile: string;
  readonly url: string;
  readonly workspace: Workspace;
  readonly settings: Environment;
  /** A new process of the service; it may not be ready yet. */
  readonly spawn: (more?: Environment) => BreakglassProcess;
  /** A new process of the service, once it takes presses and questions. */
  readonly start: (more?: Environment) => Promise<BreakglassProcess>;
  /** A command of the same installation, run to its end. */
  readonly run: (...args: readonly string[]) => Promise<Ended>;
  /** A token with which the gate may ask. */
  token(gate: string): Promise<string>;
  /** What the auditor pins. */
  pins(): Promise<{ readonly logKey: string; readonly trustedRoot: string }>;
}

/** Far beyond anything that happens in a test: what takes longer has failed. */
export const LONGEST_MS = 90_000;

// Real processes: a takeover from a killed one alone takes 16 s, and the machine may be busy.
vi.setConfig({ testTimeout: 3 * LONGEST_MS });

/** Lays an installation out; nothing of the service runs yet. All of it is gone afterwards. */
export async function layOut(
  defer: Defer,
  options: InstallationOptions = {},
): Promise<Installation> {
  const dataDir = await mkdtemp(join(tmpdir(), 'breakglass-service-'));
  // PostgreSQL does not run as root, and the user it runs as then must be able to enter.
  await chmod(dataDir, 0o711);
  const processes: BreakglassProcess[] = [];
  defer(() => clearUp(dataDir, processes));
  const policyFile = join(dataDir, 'policy.yaml');
  await writeFile(policyFile, options.policy ?? policy());
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const workspace = options.replicaOf?.workspace ?? (await workspaceOf(defer, options, url));
  const settings = { ...settingsOf(options, { dataDir, policyFile, port, url }, workspace) };
  const spawn = (more: Environment = {}): BreakglassProcess => {
    const child = spawnBreakglass(['start'], { ...settings, ...more });
    processes.push(child);
    return child;
  };
  const run = (...args: readonly string[]): Promise<Ended> => runBreakglass(args, settings);
  return {
    dataDir,
    policyFile,
    url,
    workspace,
    settings,
    spawn,
    run,
    async start(more) {
      const child = spawn(more);
      await child.logged((line) => line.msg === 'ready');
      return child;
    },
    async token(gate) {
      const args = ['token', 'create', '--tenant', 'acme', '--gate', gate];
      const { code, stdout, stderr } = await run(...args);
      if (code !== 0) throw new Error(`no token was made: ${stderr}`);
      return stdout.trim();
    },
    async pins() {
      const logKey = (await readFile(join(dataDir, 'log-key.txt'), 'utf8')).trim();
      return { logKey, trustedRoot: join(dataDir, 'trusted-root.json') };
    },
  };
}

async function clearUp(dataDir: string, processes: readonly BreakglassProcess[]): Promise<void> {
  for (const child of processes) child.signal('SIGKILL');
  // For whoever looks into a failure: what the service said.
  if (process.env['SHOW_SERVICE'] !== undefined)
    for (const child of processes) process.stderr.write(child.output());
  await Promise.all(processes.map((child) => child.ended));
  await endPostmasterOf(dataDir);
  await rm(dataDir, { recursive: true, force: true });
}

async function workspaceOf(
  defer: Defer,
  { mode = 'socket', workspace: more }: InstallationOptions,
  url: string,
): Promise<Workspace> {
  const requestUrl = `${url}/slack/events`;
  const seed = acme(mode === 'http' ? { mode, requestUrl } : { mode });
  const workspace = await startWorkspace({ seed, ...more });
  defer(() => workspace.close());
  return workspace;
}

function settingsOf(
  { databaseUrl, mode = 'socket', kek, replicaOf, settings = {} }: InstallationOptions,
  at: {
    readonly dataDir: string;
    readonly policyFile: string;
    readonly port: number;
    readonly url: string;
  },
  { apiUrl }: Workspace,
): Environment {
  const key = kek ?? replicaOf?.settings['BREAKGLASS_KEK'] ?? randomBytes(32).toString('base64');
  return {
    SLACK_BOT_TOKEN: SLACK.botToken,
    ...(mode === 'socket'
      ? { SLACK_APP_TOKEN: SLACK.appToken }
      : { SLACK_SIGNING_SECRET: SLACK.signingSecret }),
    SLACK_API_URL: apiUrl,
    // The local workspace limits what it is told to limit.
    SLACK_EDITS_PER_MINUTE: '100000',
    BREAKGLASS_POLICY: at.policyFile,
    BREAKGLASS_DATA_DIR: at.dataDir,
    HOST: '127.0.0.1',
    PORT: String(at.port),
    ...(databaseUrl === undefined
      ? {}
      : {
          DATABASE_URL: databaseUrl,
          BREAKGLASS_KEK: key,
          PUBLIC_URL: replicaOf?.url ?? at.url,
          BREAKGLASS_EMBEDDED_SIGSTORE: 'evaluation',
        }),
    ...settings,
  };
}
