import { Command } from 'commander';
import { runUntilSignal } from '#runtime/lifecycle';
import { createLog } from '#runtime/log';
import { howToTry } from '../demo/how-to-try.ts';
import { playIncidents } from '../demo/incidents.ts';
import { stage } from '../demo/stage.ts';
import { startDemo, type Demo } from '../demo/start-demo.ts';
import { UsageError } from '../report-failure.ts';
import { verifyLog } from '../demo/verify-log.ts';

const WORKSPACE_PORT = '4100';

/** `breakglass demo`: the whole product on embedded parts. */
export function demoCommand(): Command {
  return new Command('demo')
    .description(
      'Run the whole service on embedded parts: PostgreSQL, Sigstore, a Slack workspace.',
    )
    .option('--script', 'play an incident of each tier, verify the log, and end')
    .option('--port <port>', 'where the Slack workspace listens', WORKSPACE_PORT)
    .action(async ({ script, port }: { script?: boolean; port: string }) => {
      const out = (text: string): void => void process.stdout.write(text);
      const logLevel = process.env['LOG_LEVEL'] ?? 'warn';
      if (script === true) return playScript(logLevel, out);
      out('Starting PostgreSQL, the Sigstore authority, a Slack workspace and the service …\n');
      return runUntilSignal(createLog(logLevel, process.stderr), async () => {
        const demo = await startDemo(logLevel, portOf(port));
        out(await howToTry(demo));
        return demo;
      });
    });
}

function portOf(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new UsageError('--port: write a number from 0 to 65535; 0 takes any free port.');
}

async function playScript(logLevel: string, out: (text: string) => void): Promise<void> {
  out('Starting PostgreSQL, the Sigstore authority, a Slack workspace and the service …\n');
  const demo = await startDemo(logLevel);
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
