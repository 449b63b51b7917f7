import { mkdtemp, rm, writeFile, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '#runtime/config/read-config';
import { createLog } from '#runtime/log';
import type { TenantId } from '#domain/ids';
import { startService, type Service } from '#runtime/service';
import { startWorkspace, type Workspace } from '#workspace/workspace';
import { demoClock, type DemoClock } from './clock.ts';
import { company, newAppSecrets } from './company.ts';
import { startPageReceiver, type PageReceiver } from './page-receiver.ts';
import { demoPolicy } from './policy.ts';

/** As the app's manifest has them. */
const COMMAND_HINTS = {
  '/breakglass': {
    description: 'Ask for a time-boxed bypass of a deploy gate',
    usageHint: '[gate] [service] [environment] [1h] [incident] [why]',
  },
};

export interface Demo {
  readonly workspace: Workspace;
  readonly service: Service & { readonly tenant: TenantId };
  readonly pages: PageReceiver;
  readonly dataDir: string;
  /** The time of the workspace and of the embedded authority; the database's is moved with it. */
  readonly clock: DemoClock;
  /** Stops everything and deletes its data. */
  stop(): Promise<void>;
}

export interface DemoOptions {
  readonly logLevel: string;
  /** 0, the default, takes any free port. */
  readonly workspacePort?: number;
  /** A TTL that can be waited for, offered besides the usual ones. */
  readonly shortestTtl?: '10s';
}

/** The whole service on embedded parts: PostgreSQL, Sigstore authority, Slack workspace, pager. */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const { logLevel, workspacePort = 0, shortestTtl } = options;
  await using cleanup = new AsyncDisposableStack();
  const dataDir = await mkdtemp(join(tmpdir(), 'breakglass-demo-'));
  cleanup.defer(() => rm(dataDir, { recursive: true, force: true }));
  // PostgreSQL's own user must be able to enter where root started the demo.
  await chmod(dataDir, 0o711);
  const policyFile = join(dataDir, 'policy.yaml');
  await writeFile(policyFile, demoPolicy(shortestTtl));
  const clock = demoClock();
  const secrets = newAppSecrets();
  const workspace = await startWorkspace({
    seed: company(secrets),
    port: workspacePort,
    clock,
    commandHints: COMMAND_HINTS,
  });
  cleanup.defer(() => workspace.close());
  const pages = await startPageReceiver();
  cleanup.defer(() => pages.close());
  const read = readConfig({
    SLACK_BOT_TOKEN: secrets.bot,
    SLACK_APP_TOKEN: secrets.app,
    SLACK_API_URL: workspace.apiUrl,
    BREAKGLASS_POLICY: policyFile,
    BREAKGLASS_DATA_DIR: dataDir,
    BREAKGLASS_PAGE_URL: pages.url,
    BREAKGLASS_PAGE_SECRET: pages.secret,
    BREAKGLASS_PAGE_PRIVATE: 'yes',
    PORT: '0',
  });
  if (!read.ok) throw new TypeError('the settings of the demo are wrong', { cause: read.mistakes });
  const log = createLog(logLevel, process.stderr);
  const service = await startService(read.config, read.secrets, log, {
    authorityClock: () => new Date(clock.now()),
  });
  cleanup.defer(() => service.stop());
  const { tenant } = service;
  if (tenant === null) throw new TypeError('the demo has one tenant');
  const running = cleanup.move();
  return {
    workspace,
    service: { ...service, tenant },
    pages,
    dataDir,
    clock,
    stop: () => running.disposeAsync(),
  };
}
