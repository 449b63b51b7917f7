import { Command } from 'commander';
import { runUntilSignal } from '#runtime/lifecycle';
import { createLog } from '#runtime/log';
import { howToTry } from '../demo/how-to-try.ts';
import { playIncidents } from '../demo/incidents.ts';
import { startPage } from '../demo/page/page.ts';
import { stage } from '../demo/stage.ts';
import { startDemo, type Demo } from '../demo/start-demo.ts';
import { UsageError } from '../report-failure.ts';
import { verifyLog } from '../demo/verify-log.ts';

const PAGE_PORT = '4100';
const STARTING =
  'Starting PostgreSQL, the Sigstore authority, a Slack workspace and the service …\n';

interface DemoFlags {
  readonly script?: boolean;
  readonly port: string;
  readonly workspacePort: string;
}

/** `breakglass demo`: the whole product on embedded parts. */
export function demoCommand(): Command {
  return new Command('demo')
    .description(
      'Run the whole service on embedded parts: PostgreSQL, Sigstore, a Slack workspace, a page.',
    )
    .option('--script', 'play an incident of each tier, verify the log, and end')
    .option('--port <port>', "where the demo's page listens", PAGE_PORT)
    .option('--workspace-port <port>', 'where the Slack workspace listens; 0 is any free port', '0')
    .action(async ({ script, port, workspacePort }: DemoFlags) => {
      const out = (text: string): void => void process.stdout.write(text);
      const logLevel = process.env['LOG_LEVEL'] ?? 'warn';
      const page = portOf('--port', port);
      const options = { logLevel, workspacePort: portOf('--workspace-port', workspacePort) };
      out(STARTING);
      if (script === true) return playScript(options, out);
      return runUntilSignal(createLog(logLevel, process.stderr), () => serve(options, page, out));
    });
}

function portOf(option: string, text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new UsageError(`${option}: write a number from 0 to 65535; 0 takes any free port.`);
}

type Options = Parameters<typeof startDemo>[0];

async function serve(
  options: Options,
  port: number,
  out: (text: string) => void,
): Promise<{ stop(): Promise<void> }> {
  await using cleanup = new AsyncDisposableStack();
  const demo = await startDemo(options);
  cleanup.defer(() => demo.stop());
  const page = await startPage(demo, port);
  cleanup.defer(() => page.close());
  out(await howToTry(demo, page.url));
  const running = cleanup.move();
  return { stop: () => running.disposeAsync() };
}

async function playScript(options: Options, out: (text: string) => void): Promise<void> {
  const demo = await startDemo({ ...options, shortestTtl: '10s' });
  try {
    const on = stage(demo, out);
    await playIncidents(demo, on);
    showPages(demo, out);
    await verifyLog(demo, on);
    out('\nAll of it held. The gates were never switched off.\n');
  } finally {
    await demo.stop();
  }
}

function showPages(demo: Demo, out: (text: string) => void): void {
  const types = demo.pages.pages().map((page) => page.type);
  out(`\nOut-of-band pages received, signatures checked: ${types.join(', ')}\n`);
}
