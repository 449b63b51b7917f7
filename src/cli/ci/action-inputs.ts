import { UsageError } from '../report-failure.ts';
import type { Environment } from './job-environment.ts';

/** Inputs of `action.yml` and the options they stand for; what is empty is not given. */
const OPTIONS = [
  'gate',
  'service',
  'environment',
  'branch',
  'artifact',
  'provenance',
  'url',
  'audience',
] as const;
const OPTIONS_OF = { gate: ['check-name'], deploy: ['rollback', 'hold-max', 'grace'] } as const;

/** What the runner gives to Actions alone; a `run:` step's commands never see it. */
const RUNNERS_OWN = /^(INPUT_|ACTIONS_RUNTIME_|ACTIONS_RESULTS_|ACTIONS_CACHE_)/;

/** An Action's run, as the command line would have it. */
export interface ActionRun {
  readonly args: readonly string[];
  /** What the commands read besides the environment, and what they run does not see. */
  readonly settings: Environment;
  readonly directory: string;
}

/**
 * The inputs of the Action, which the runner gives as `INPUT_<NAME>`; `null` if this is none. No shell
 * reads any of them but `run`.
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax#inputs
 * @throws UsageError for a command that there is not.
 */
export function actionRun(env: Environment): ActionRun | null {
  const { INPUT_RUN: run } = env;
  if (env['GITHUB_ACTIONS'] !== 'true' || run === undefined) return null;
  const input = (name: string): string => (env[`INPUT_${name.toUpperCase()}`] ?? '').trim();
  const command = input('command') || 'gate';
  if (command !== 'gate' && command !== 'deploy')
    throw new UsageError('command: write gate or deploy.');
  if (run.trim() === '') throw new UsageError('run: write what the gate checks, or what deploys.');
  const named = [...OPTIONS, ...OPTIONS_OF[command]].flatMap((name) =>
    input(name) === '' ? [] : [`--${name}=${input(name)}`],
  );
  const token = input('token');
  return {
    args: [command, ...named, '--', ...BASH, run],
    settings: token === '' ? {} : { BREAKGLASS_TOKEN: token },
    directory: input('working-directory'),
  };
}

/** As a `run:` step with `shell: bash` has it. */
const BASH = ['bash', '--noprofile', '--norc', '-eo', 'pipefail', '-c'];

/** Takes away what belongs to the Action, so that what it runs sees what a `run:` step would. */
export function leaveStepEnvironment(env: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(env)) if (RUNNERS_OWN.test(name)) delete env[name];
}
