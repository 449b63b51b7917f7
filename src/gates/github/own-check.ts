import type { GithubRequest, RepositoryRef } from './app-client.ts';
import type { WrappedCheck } from './github-gates.ts';

const PER_PAGE = 100;

/**
 * Did this check succeed at the commit? Its newest runs count, one a check suite, and all of them must
 * have; where there are more than are read, it did not. Rejects with GithubError.
 * @see https://docs.github.com/en/rest/checks/runs#list-check-runs-for-a-git-reference
 */
export async function hasPassed(
  request: GithubRequest,
  { owner, repo }: RepositoryRef,
  commit: string,
  check: WrappedCheck | null,
): Promise<boolean> {
  if (check === null) return false;
  const { data } = await request('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', {
    owner,
    repo,
    ref: commit,
    check_name: check.name,
    app_id: check.appId,
    filter: 'latest',
    per_page: PER_PAGE,
  });
  const { check_runs: runs, total_count: total } = data;
  // Read again what was asked for: a server that does not know `app_id` answers with every App's.
  const own = runs.filter(({ name, app }) => name === check.name && app?.id === check.appId);
  return (
    total <= runs.length &&
    own.length > 0 &&
    own.every(({ status, conclusion }) => status === 'completed' && conclusion === 'success')
  );
}
