import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { startJob, type Job } from './ci-file.ts';

/** What an action's file may say, as far as an Action of JavaScript goes. */
const actionFile = z.strictObject({
  name: z.string().min(1),
  author: z.string().optional(),
  description: z.string().min(1),
  branding: z.strictObject({ icon: z.string(), color: z.string() }).optional(),
  inputs: z.record(
    z.string().regex(/^[a-z_][a-z0-9_-]*$/),
    z.strictObject({
      description: z.string().min(1),
      required: z.boolean().optional(),
      default: z.string().optional(),
      deprecationMessage: z.string().optional(),
    }),
  ),
  runs: z.strictObject({
    using: z.enum(['node20', 'node24']),
    main: z.string(),
    pre: z.string().optional(),
    post: z.string().optional(),
  }),
});

export interface Step {
  readonly with: Readonly<Record<string, string>>;
  /** Of the job, besides what every job has. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface ActionRunner {
  /** The job's own folders. */
  readonly workspace: string;
  readonly temp: string;
  /** Runs a step that uses the action; steps share the job's folders. */
  step(step: Step): Job;
}

/**
 * Runs an action's file as the runner does: defaults filled in, each input as `INPUT_<NAME>` with
 * spaces as `_` and hyphens kept, the file run by Node in the workspace, no shell in between. Made
 * from the documents and the source of the runner, not by running it.
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax
 */
export async function startActionRunner(action: string): Promise<ActionRunner> {
  const { inputs, runs } = actionFile.parse(
    parse(await readFile(join(action, 'action.yml'), 'utf8')),
  );
  const [workspace = '', temp = ''] = await Promise.all(
    ['workspace', 'temp'].map((name) => mkdtemp(join(tmpdir(), `runner-${name}-`))),
  );
  return {
    workspace,
    temp,
    step({ with: given, env = {} }) {
      const unknown = Object.keys(given).filter((name) => !(name in inputs));
      // The runner only warns; here a test would be wrong.
      if (unknown.length > 0) throw new RangeError(`no such input: ${unknown.join(', ')}`);
      const values = Object.entries(inputs).map(([name, input]) => [
        `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`,
        given[name] ?? input.default ?? '',
      ]);
      return startJob(process.execPath, [join(action, runs.main)], {
        cwd: workspace,
        env: {
          ...OF_A_JOB,
          RUNNER_TEMP: temp,
          GITHUB_WORKSPACE: workspace,
          ACTIONS_RUNTIME_TOKEN: 'for-actions-alone',
          ...env,
          ...Object.fromEntries(values),
        },
      });
    },
  };
}

const OF_A_JOB = {
  CI: 'true',
  GITHUB_ACTIONS: 'true',
  GITHUB_JOB: 'deploy',
  GITHUB_RUN_ID: '77',
  GITHUB_RUN_ATTEMPT: '2',
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_REPOSITORY: 'acme/checkout',
  GITHUB_REF_TYPE: 'branch',
  GITHUB_REF_NAME: 'main',
  GITHUB_HEAD_REF: '',
  GITHUB_SHA: '4f0c2d9e4f0c2d9e4f0c2d9e4f0c2d9e4f0c2d9e',
  GITHUB_TRIGGERING_ACTOR: 'octocat',
};
