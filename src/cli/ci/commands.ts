import { Command, InvalidArgumentError } from 'commander';
import { UsageError } from '../report-failure.ts';
import type { AskFlags } from './asked-by.ts';
import type { Command as Run } from './command.ts';
import type { Environment } from './job-environment.ts';
import { sayTo } from './say.ts';

interface GateFlags extends AskFlags {
  readonly checkName?: string;
}

interface DeployFlags extends AskFlags {
  readonly rollback?: string;
  readonly holdMax: number;
  readonly grace: number;
}

const FROM_JOB = `
What is not named comes from the job: GitHub Actions, GitLab CI and Jenkins say branch, commit and run.
The token is BREAKGLASS_TOKEN, the file BREAKGLASS_TOKEN_FILE, the id token BREAKGLASS_ID_TOKEN, or
one of GitHub Actions for the audience.`;

/**
 * `breakglass gate … -- <the gate's own check>`.
 * @param env what is read here; the check sees the process's own.
 */
export function gateCommand(env: Environment = process.env): Command {
  return asking('gate')
    .description("Run a gate's own check; if it fails, ask whether a bypass covers this deploy.")
    .argument('<check...>', "the gate's own check, behind --")
    .option('--check-name <name>', "what the log calls the check; its program's name unless given")
    .addHelpText('after', `${FROM_JOB}\n\nExit codes: 0 may pass, else that of the check.`)
    .action(async (check: readonly string[], flags: GateFlags) => {
      const [{ runGate }, { askedBy, serviceOf }] = await Promise.all([
        import('./gate.ts'),
        import('./asked-by.ts'),
      ]);
      process.exitCode = await runGate({
        check: commandOf(check),
        checkName: flags.checkName ?? null,
        asked: () => askedBy(flags, env),
        service: () => serviceOf(flags, env),
        env,
        say: sayTo(process.stderr, env),
      });
    });
}

/** `breakglass deploy … -- <command>`; `env` as for `gate`. */
export function deployCommand(env: Environment = process.env): Command {
  return asking('deploy')
    .description('Run a deploy that passed its gate, and stop it when its bypass ends.')
    .argument('<command...>', 'what deploys, behind --')
    .option('--rollback <command>', 'undoes the deploy where the policy says so; run by sh -c')
    .option('--hold-max <seconds>', 'how long a deploy is held before it is ended', seconds, 1_800)
    .option('--grace <seconds>', 'how long a deploy has to end by itself', seconds, 30)
    .addHelpText('after', `${FROM_JOB}\n\nExit codes: that of the command; 1 if the gate enforces.`)
    .action(async (command: readonly string[], flags: DeployFlags) => {
      const [{ runDeploy }, { askedBy, serviceOf }] = await Promise.all([
        import('./deploy.ts'),
        import('./asked-by.ts'),
      ]);
      const { rollback, holdMax, grace } = flags;
      process.exitCode = await runDeploy({
        asked: askedBy(flags, env),
        service: () => serviceOf(flags, env),
        env,
        say: sayTo(process.stderr, env),
        command: commandOf(command),
        rollback: rollback === undefined ? null : { file: 'sh', args: ['-c', rollback] },
        holdMaxMs: holdMax * 1_000,
        graceMs: grace * 1_000,
      });
    });
}

function asking(name: string): Command {
  return new Command(name)
    .requiredOption('--gate <gate>', 'the gate, as the policy names it')
    .requiredOption('--service <service>', 'what is deployed')
    .requiredOption('--environment <environment>', 'where to')
    .option('--branch <branch>', 'the branch that is deployed')
    .option('--commit <commit>', 'the commit that is deployed')
    .option('--artifact <name@digest>', 'what is shipped: checkout@sha256:…', artifact)
    .option('--provenance <uri@digest>', 'its SLSA provenance: https://…@sha256:…', provenance)
    .option('--deploy-id <id>', 'the same for gate and deploy; the run of the CI unless given')
    .option('--attempt <n>', 'its attempt', count)
    .option('--deploy-url <url>', 'where people look at it')
    .option('--actor <name>', 'who started it')
    .option('--url <url>', 'the service; BREAKGLASS_URL unless given')
    .option('--audience <audience>', 'breakglass/<tenant>; BREAKGLASS_AUDIENCE unless given');
}

function commandOf([file, ...args]: readonly string[]): Run {
  if (file === undefined) throw new UsageError('Write the command behind --.');
  return { file, args };
}

const DIGESTED = /^(.+)@(sha256:[0-9a-f]{64})$/;

function artifact(text: string): NonNullable<AskFlags['artifact']> {
  const [, name, digest] = DIGESTED.exec(text) ?? [];
  if (name !== undefined && digest !== undefined) return { name, digest };
  throw new InvalidArgumentError('Write name@sha256: and 64 hexadecimal digits.');
}

function provenance(text: string): NonNullable<AskFlags['provenance']> {
  const [, uri, digest] = DIGESTED.exec(text) ?? [];
  if (uri !== undefined && digest !== undefined && URL.canParse(uri)) return { uri, digest };
  throw new InvalidArgumentError('Write https://…@sha256: and 64 hexadecimal digits.');
}

function count(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Write a whole number from 1.');
}

function seconds(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Write whole seconds.');
}
