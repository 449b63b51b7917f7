import type { GithubRequest, RepositoryRef } from './app-client.ts';
import { hasCode } from './github-error.ts';

interface Asked {
  readonly run: string;
  readonly environment: string;
}

/**
 * `gone`: the rule does not wait any more (409, 422), so that no answer changes anything. `not-found`
 * (404) is that, or that the App may not answer here: `isPending` tells.
 */
export type RuleAnswered = 'answered' | 'gone' | 'not-found';

/**
 * Answers a deployment protection rule, or, without `state`, reports that it goes on waiting. The
 * address is made from the policy's repository, never taken from a delivery. Rejects with GithubError.
 * @see https://docs.github.com/en/rest/actions/workflow-runs#review-custom-deployment-protection-rules-for-a-workflow-run
 */
export async function answerRule(
  request: GithubRequest,
  { owner, repo }: RepositoryRef,
  { run, environment }: Asked,
  state: 'approved' | 'rejected' | null,
  comment: string,
): Promise<RuleAnswered> {
  try {
    await request('POST /repos/{owner}/{repo}/actions/runs/{run_id}/deployment_protection_rule', {
      owner,
      repo,
      run_id: Number(run),
      environment_name: environment,
      comment,
      ...(state === null ? {} : { state }),
    } as Answer);
    return 'answered';
  } catch (error) {
    if (hasCode(error, 'not-found')) return 'not-found';
    if (hasCode(error, 'conflict')) return 'gone';
    throw error;
  }
}

/**
 * Does the environment wait in this run, for our rule or another? Rejects with GithubError.
 * @see https://docs.github.com/en/rest/actions/workflow-runs#get-pending-deployments-for-a-workflow-run
 */
export async function isPending(
  request: GithubRequest,
  { owner, repo }: RepositoryRef,
  { run, environment }: Asked,
): Promise<boolean> {
  const { data } = await request(
    'GET /repos/{owner}/{repo}/actions/runs/{run_id}/pending_deployments',
    { owner, repo, run_id: Number(run) },
  );
  return data.some((pending) => pending.environment.name === environment);
}

/** One of the two shapes that the endpoint takes. */
type Answer = {
  owner: string;
  repo: string;
  run_id: number;
  environment_name: string;
  state: 'approved' | 'rejected';
  comment: string;
};
