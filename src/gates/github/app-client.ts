import { createAppAuth } from '@octokit/auth-app';
import { request as octokit } from '@octokit/request';
import { GithubError, githubError } from './github-error.ts';

/** GitHub's REST API, with the parameters and answers of its published description. */
export type GithubRequest = typeof octokit;

export interface GithubAppOptions {
  readonly appId: string;
  /** PEM. */
  readonly privateKey: string;
  /** `https://api.github.com`, or `https://<host>/api/v3` of an Enterprise Server. */
  readonly apiUrl: string;
  /** Judges the address that it connects to. */
  readonly fetch: typeof globalThis.fetch;
  readonly timeoutMs?: number;
}

export interface RepositoryRef {
  readonly owner: string;
  readonly repo: string;
  readonly repositoryId: number;
  readonly ownerId: number | null;
}

export interface GithubApp {
  readonly appId: string;
  readonly apiUrl: string;
  /** As the App itself: its deliveries and installations. Rejects with GithubError. */
  readonly asApp: GithubRequest;
  /** With a token for this one repository. Rejects with GithubError. */
  inRepository(repository: RepositoryRef): GithubRequest;
}

/** All that this gate does; a token can do no more, whatever the App was given. */
export const PERMISSIONS = {
  actions: 'write',
  checks: 'write',
  contents: 'read',
  deployments: 'write',
} as const;

const TIMEOUT_MS = 10_000;

/**
 * Speaks to GitHub as an App: a JWT (RS256, 10 min) as itself, installation tokens narrowed to one
 * repository in it, kept until shortly before they end. One try each and no redirects, so that a
 * token stays at the address that is configured.
 * @see https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app
 */
export function createGithubApp(options: GithubAppOptions): GithubApp {
  const { appId, privateKey, apiUrl, timeoutMs = TIMEOUT_MS } = options;
  const base = octokit.defaults({
    baseUrl: apiUrl.replace(/\/+$/, ''),
    headers: { 'user-agent': 'safeguard-breakglass', 'x-github-api-version': '2022-11-28' },
    request: { fetch: onlyTo(apiUrl, options.fetch, timeoutMs), log: SILENT },
  });
  const auth = createAppAuth({ appId, privateKey, request: base, log: SILENT });
  const asApp = withToken(base, async () => (await auth({ type: 'app' })).token);
  const installations = new Map<number, number>();
  return {
    appId,
    apiUrl,
    asApp,
    inRepository: (repository) =>
      withToken(base, async (refresh) => {
        if (refresh) installations.delete(repository.repositoryId);
        const installationId = await installationOf(asApp, repository, installations);
        const { token } = await auth({
          type: 'installation',
          installationId,
          repositoryIds: [repository.repositoryId],
          permissions: PERMISSIONS,
          refresh,
        });
        return token;
      }),
  };
}

/** Never taken from a delivery: the App is asked where it is installed. */
async function installationOf(
  asApp: GithubRequest,
  { owner, repo, repositoryId }: RepositoryRef,
  known: Map<number, number>,
): Promise<number> {
  const found = known.get(repositoryId);
  if (found !== undefined) return found;
  const { data } = await asApp('GET /repos/{owner}/{repo}/installation', { owner, repo });
  known.set(repositoryId, data.id);
  return data.id;
}

/** A token that GitHub no longer takes is made anew, once. */
function withToken(
  base: GithubRequest,
  tokenOf: (refresh: boolean) => Promise<string>,
): GithubRequest {
  const hook = async (request: GithubRequest, endpoint: { readonly url: string }) => {
    const send = async (refresh: boolean) => {
      const authorization = `Bearer ${await tokenOf(refresh)}`;
      return request({ ...request.endpoint.merge(endpoint), headers: { authorization } });
    };
    try {
      return await send(false).catch((error: unknown) => {
        if (githubError(error).status !== 401) throw error;
        return send(true);
      });
    } catch (error) {
      // What the client throws repeats the request; its words and GitHub's are not kept.
      throw githubError(error);
    }
  };
  return base.defaults({ request: { hook } });
}

function onlyTo(apiUrl: string, fetch: typeof globalThis.fetch, timeoutMs: number) {
  const { origin } = new URL(apiUrl);
  return (address: string | URL, init: RequestInit = {}): Promise<Response> => {
    if (new URL(address).origin !== origin) throw new GithubError('refused', null);
    return fetch(address, {
      ...init,
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
  };
}

/** Its warnings name addresses and times of tokens: nothing that the log of the process needs. */
const SILENT = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
