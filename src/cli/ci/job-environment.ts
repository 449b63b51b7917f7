import type { AskedDeploy } from './asked-deploy.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What a CI system says about the job it runs; what it does not say is left out. */
export interface JobFacts {
  readonly branch?: string;
  readonly commit?: string;
  readonly deploy?: { readonly id: string } & Partial<AskedDeploy['deploy']>;
}

/**
 * Reads what GitHub Actions, GitLab CI and Jenkins set for every job. A tag or a pull request is no
 * branch: then none is named, and a bypass for one branch does not cover the deploy.
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/variables
 * @see https://docs.gitlab.com/ci/variables/predefined_variables/
 */
export function jobFacts(env: Environment): JobFacts {
  if (env['GITHUB_ACTIONS'] === 'true') return githubJob(env);
  if (env['GITLAB_CI'] === 'true') return gitlabJob(env);
  if (env['JENKINS_URL'] !== undefined) return jenkinsJob(env);
  return {};
}

function githubJob(env: Environment): JobFacts {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = env;
  const onBranch = env['GITHUB_REF_TYPE'] === 'branch' && !env['GITHUB_HEAD_REF'];
  const url = server && repository && run ? `${server}/${repository}/actions/runs/${run}` : '';
  return known({
    branch: onBranch ? env['GITHUB_REF_NAME'] : undefined,
    commit: env['GITHUB_SHA'],
    id: run && `github-${run}`,
    attempt: env['GITHUB_RUN_ATTEMPT'],
    url,
    actor: env['GITHUB_TRIGGERING_ACTOR'],
  });
}

function gitlabJob(env: Environment): JobFacts {
  // Gate and deploy stand in one job, and a job that is run again is another one.
  const job = env['CI_JOB_ID'];
  return known({
    // Set in pipelines of a branch alone: neither for a tag nor for a merge request.
    branch: env['CI_COMMIT_BRANCH'],
    commit: env['CI_COMMIT_SHA'],
    id: job && `gitlab-${job}`,
    attempt: undefined,
    url: env['CI_JOB_URL'],
    actor: env['GITLAB_USER_LOGIN'],
  });
}

function jenkinsJob(env: Environment): JobFacts {
  return known({
    // A pull request's job has CHANGE_ID, and a name of its own where the branch would stand.
    branch: env['CHANGE_ID'] === undefined ? env['BRANCH_NAME'] : undefined,
    commit: env['GIT_COMMIT'],
    id: env['BUILD_TAG'],
    attempt: undefined,
    url: env['BUILD_URL'],
    actor: undefined,
  });
}

type Said = Readonly<
  Record<'branch' | 'commit' | 'id' | 'attempt' | 'url' | 'actor', string | undefined>
>;

function known({ branch, commit, id, attempt, url, actor }: Said): JobFacts {
  return {
    ...(branch ? { branch } : {}),
    ...(commit ? { commit } : {}),
    ...(id
      ? {
          deploy: {
            id,
            ...(attempt ? { attempt: Number(attempt) } : {}),
            ...(url ? { url } : {}),
            ...(actor ? { actor } : {}),
          },
        }
      : {}),
  };
}
