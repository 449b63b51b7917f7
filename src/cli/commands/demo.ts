import { Command } from 'commander';
import { wholeNumber } from './option-values.ts';

const PAGE_PORT = 4100;
const portNumber = wholeNumber(0, 65_535);
const STARTING =
  'Starting PostgreSQL, the Sigstore authority, a Slack workspace and the service …\n';

interface DemoFlags {
  readonly script?: boolean;
  readonly port: number;
  readonly workspacePort: number;
}

/** `breakglass demo`: the whole product on embedded parts. */
export function demoCommand(): Command {
  return new Command('demo')
    .description(
      'Run the whole service on embedded parts: PostgreSQL, Sigstore, a Slack workspace, a page.',
    )
    .option('--script', 'play an incident of each tier, verify the log, and end')
    .option(
      '--port <port>',
      "where the demo's page listens; 0 is any free port",
      portNumber,
      PAGE_PORT,
    )
    .option('--workspace-port <port>', 'where the Slack workspace listens, likewise', portNumber, 0)
    .action(async ({ script, port, workspacePort }: DemoFlags) => {
      const out = (text: string): void => void process.stdout.write(text);
      const logLevel = process.env['LOG_LEVEL'] ?? 'warn';
      const options = { logLevel, workspacePort };
      out(STARTING);
      const { playScript, serveDemo } = await import('../demo/run-demo.ts');
      return script === true ? playScript(options, out) : serveDemo(options, port, out);
    });
}
