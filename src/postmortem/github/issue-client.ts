import { createAppAuth } from '@octokit/auth-app';
import { request as octokit } from '@octokit/request';
import { IssueNotKept, type IssueRepository } from '#application/ports/review-issues';

export interface IssueAppOptions {
  readonly appId: string;
  /** PEM. */
  readonly privateKey: string;
  /** `https://api.github.com`, or `https://<host>/api/v3` of an Enterprise Server. */
  readonly apiUrl: string;
  /** Judges the address that it connects to. */
  readonly fetch: typeof globalThis.fetch;
  readonly timeoutMs?: number;
}

/** GitHub's REST API in one repository, with the parameters and answers of its published description. */
export type InRepository = (repository: IssueRepository) => Promise<typeof octokit>;

/** All that reviews need; a token can do no more, whatever the App was given. */
const PERMISSIONS = { issues: 'write' } as const;
const TIMEOUT_MS = 10_000;

/**
 * Speaks to GitHub as an App, with installation tokens narrowed to issues of one repository, kept
 * until shortly before they end. One try each and no redirects, so that a token stays at the address
 * that is configured.
 * @see https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app
 */
export function issueClient({
  appId,
  privateKey,
  apiUrl,
  ...options
}: IssueAppOptions): InRepository {
  const { fetch, timeoutMs = TIMEOUT_MS } = options;
  const { origin } = new URL(apiUrl);
  const base = octokit.defaults({
    baseUrl: apiUrl.replace(/\/+$/, ''),
    headers: { 'user-agent': 'safeguard-breakglass', 'x-github-api-version': '2022-11-28' },
    request: {
      log: SILENT,
      fetch: (address: string | URL, init: RequestInit = {}): Promise<Response> => {
        if (new URL(address).origin !== origin) throw new IssueNotKept('refused');
        const signal = AbortSignal.timeout(timeoutMs);
        return fetch(address, { ...init, redirect: 'error', signal });
      },
    },
  });
  const auth = createAppAuth({ appId, privateKey, request: base, log: SILENT });
  return async ({ owner, name: repo, id }) => {
    const { token } = await auth({ type: 'app' });
    const asApp = { authorization: `Bearer ${token}` };
    // Never taken from a policy: the App is asked where it is installed.
    const { data } = await base('GET /repos/{owner}/{repo}/installation', {
      owner,
      repo,
      headers: asApp,
    });
    const inIt = await auth({
      type: 'installation',
      installationId: data.id,
      repositoryIds: [id],
      permissions: PERMISSIONS,
    });
    return base.defaults({ headers: { authorization: `Bearer ${inIt.token}` } });
  };
}

/** Its warnings name addresses and times of tokens: nothing that the log of the process needs. */
const SILENT = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
