import { mkdtemp, rm, writeFile, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '#runtime/config/read-config';
import { createLog } from '#runtime/log';
import { startService, type Service } from '#runtime/service';
import { startWorkspace, type Workspace } from '#workspace/workspace';
import { company, TOKENS } from './company.ts';
import { startPageReceiver, type PageReceiver } from './page-receiver.ts';
import { DEMO_POLICY } from './policy.ts';

export interface Demo {
  readonly workspace: Workspace;
  readonly service: Service;
  readonly pages: PageReceiver;
  readonly dataDir: string;
  /** Stops everything and deletes its data. */
  stop(): Promise<void>;
}

/** The whole service on embedded parts: PostgreSQL, Sigstore authority, Slack workspace, pager. */
export async function startDemo(logLevel: string, workspacePort = 0): Promise<Demo> {
  await using cleanup = new AsyncDisposableStack();
  const dataDir = await mkdtemp(join(tmpdir(), 'breakglass-demo-'));
  cleanup.defer(() => rm(dataDir, { recursive: true, force: true }));
  // PostgreSQL's own user must be able to enter where root started the demo.
  await chmod(dataDir, 0o711);
  const policyFile = join(dataDir, 'policy.yaml');
  await writeFile(policyFile, DEMO_POLICY);
  const workspace = await startWorkspace({ seed: company(), port: workspacePort });
  cleanup.defer(() => workspace.close());
  const pages = await startPageReceiver();
  cleanup.defer(() => pages.close());
  const read = readConfig({
    SLACK_BOT_TOKEN: TOKENS.bot,
    SLACK_APP_TOKEN: TOKENS.app,
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
  const service = await startService(read.config, read.secrets, log);
  cleanup.defer(() => service.stop());
  const running = cleanup.move();
  return { workspace, service, pages, dataDir, stop: () => running.disposeAsync() };
}
