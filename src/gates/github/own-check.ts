import type { GithubRequest, RepositoryRef } from './app-client.ts';

/** Did the newest run of this check, by any App, succeed at the commit? Rejects with GithubError. */
export async function hasPassed(
  request: GithubRequest,
  { owner, repo }: RepositoryRef,
  commit: string,
  check: string | null,
): Promise<boolean> {
  if (check === null) return false;
  const { data } = await request('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', {
    owner,
    repo,
    ref: commit,
    check_name: check,
    filter: 'latest',
  });
  const named = data.check_runs.filter(({ name }) => name === check);
  // Two Apps may use one name: then both must have passed.
  return (
    named.length > 0 &&
    named.every(({ status, conclusion }) => status === 'completed' && conclusion === 'success')
  );
}
