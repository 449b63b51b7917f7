import type { GithubRequest, RepositoryRef } from './app-client.ts';
import { hasCode } from './github-error.ts';
import { standsIn } from './github-gates.ts';

/** A run as the API has it now. */
export interface GithubRun {
  readonly run: string;
  readonly attempt: number;
  readonly status: 'waiting' | 'running' | 'completed';
  /** Of a completed run. */
  readonly outcome: 'succeeded' | 'failed' | 'cancelled';
  readonly commit: string;
  /** The branch or tag that started it, as its name alone; `null` for a pull request. */
  readonly ref: string | null;
  /** The ref that started it, with whose it is: a pull request's is no branch of that name. */
  readonly line: string;
  readonly url: string;
  readonly actor: string | null;
  readonly workflow: string;
}

/** `null` for a run that the repository does not have. Rejects with GithubError. */
export async function readRun(
  request: GithubRequest,
  repository: RepositoryRef,
  run: string,
): Promise<GithubRun | null> {
  const { owner, repo } = repository;
  const about = { owner, repo, run_id: Number(run) };
  const answer = await request('GET /repos/{owner}/{repo}/actions/runs/{run_id}', about).catch(
    (error: unknown) => {
      if (hasCode(error, 'not-found')) return null;
      throw error;
    },
  );
  if (answer === null) return null;
  const { data } = answer;
  // The name may have passed to another repository, or the repository to another owner.
  if (!standsIn(repository, data.repository)) return null;
  return {
    run: String(data.id),
    attempt: data.run_attempt ?? 1,
    status: statusOf(data.status),
    outcome: outcomeOf(data.conclusion),
    commit: data.head_sha,
    ref: fromOutside(data) ? null : data.head_branch,
    line: lineOf(data),
    url: data.html_url,
    actor: data.triggering_actor?.login ?? null,
    workflow: String(data.workflow_id),
  };
}

/** One that says no ref is a line of its own: its commit. */
function lineOf(
  data: Started & { readonly head_branch: string | null; readonly head_sha: string },
) {
  const from = isPullRequest(data) ? 'pull' : 'ref';
  return `${data.head_repository?.id ?? '?'} ${from} ${data.head_branch ?? data.head_sha}`;
}

interface Started {
  readonly event: string;
  readonly repository: { readonly id: number | bigint };
  readonly head_repository?: { readonly id: number | bigint } | null;
}

const isPullRequest = ({ event }: Started) => event.startsWith('pull_request');

/** A pull request names its own branch, and anybody may call theirs `main`. */
function fromOutside(data: Started): boolean {
  return isPullRequest(data) || data.head_repository?.id !== data.repository.id;
}

function statusOf(status: string | null): GithubRun['status'] {
  if (status === 'completed') return 'completed';
  return status === 'waiting' ||
    status === 'pending' ||
    status === 'queued' ||
    status === 'requested'
    ? 'waiting'
    : 'running';
}

function outcomeOf(conclusion: string | null): GithubRun['outcome'] {
  if (conclusion === 'success') return 'succeeded';
  return conclusion === 'cancelled' || conclusion === 'skipped' ? 'cancelled' : 'failed';
}

/**
 * The branch, if the commit is its head now; else `null`, and a bypass that names a branch does not
 * cover it. A run of a tag says the tag's name where a branch's would stand, so it is looked up.
 */
export async function branchAt(
  request: GithubRequest,
  { owner, repo }: RepositoryRef,
  commit: string,
  named: string | null,
): Promise<string | null> {
  if (named === null) return null;
  const { data } = await request(
    'GET /repos/{owner}/{repo}/commits/{commit_sha}/branches-where-head',
    { owner, repo, commit_sha: commit },
  );
  return data.some((branch) => branch.name === named && branch.commit.sha === commit)
    ? named
    : null;
}
