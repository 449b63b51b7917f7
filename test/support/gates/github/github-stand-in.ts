import { createEmulator } from 'emulate';
import { actionsApi, type ActionsState, type StandInRun } from './actions-api.ts';

const SLUG = 'breakglass-acme';
const OWNER = 'acme';
const REPO = 'checkout';

export interface GithubStandIn extends AsyncDisposable {
  readonly url: string;
  readonly appId: string;
  /** PEM. */
  readonly privateKey: string;
  readonly state: ActionsState;
  /** A run that waits for `environment`, of the newest commit of `main` unless told otherwise. */
  addRun(run: Partial<StandInRun> & { readonly id: number }, environment?: string): StandInRun;
  /** As the App: what a person would see. */
  read(path: string): Promise<unknown>;
}

/** A GitHub on loopback with one App, installed on `acme/checkout`. */
export async function githubStandIn(): Promise<GithubStandIn> {
  const github = await createEmulator({
    service: 'github',
    port: 0,
    seed: {
      github: {
        users: [{ login: 'mona' }],
        orgs: [{ login: OWNER }],
        repos: [{ owner: OWNER, name: REPO }],
        apps: [
          {
            app_id: 12345,
            slug: SLUG,
            name: 'Break-glass of Acme',
            permissions: {
              actions: 'write',
              checks: 'write',
              contents: 'read',
              deployments: 'write',
              metadata: 'read',
            },
            installations: [{ installation_id: 100, account: OWNER, repository_selection: 'all' }],
          },
        ],
      },
    },
  });
  const repository = (await (await fetch(`${github.url}/repos/${OWNER}/${REPO}`)).json()) as {
    id: number;
    full_name: string;
    owner: { id: number };
  };
  const state: ActionsState = {
    repositoryId: repository.id,
    ownerId: repository.owner.id,
    fullName: repository.full_name,
    slug: SLUG,
    runs: {},
    branches: { main: COMMIT },
    enabledRules: { production: true },
    checks: [],
    givesEveryAppsChecks: false,
    deliveries: [],
    tokens: {},
    asked: [],
    failWith: null,
    refuseAnswers: null,
    isLosingChecks: false,
    held: null,
    granted: null,
  };
  const front = await createEmulator({ service: actionsApi(github.url, state), port: 0 });
  const privateKey = github.generatedSecrets.find(({ id }) => id === '12345')?.value ?? '';
  return {
    url: front.url,
    appId: '12345',
    privateKey,
    state,
    addRun(run, environment = 'production') {
      const added: StandInRun = {
        run_attempt: 1,
        status: 'waiting',
        conclusion: null,
        head_sha: COMMIT,
        head_branch: 'main',
        event: 'push',
        head_repository_id: repository.id,
        repository_id: repository.id,
        workflow_id: 5,
        rules: { [environment]: { state: 'waiting', said: [] } },
        cancels: [],
        isStubborn: false,
        ...run,
      };
      state.runs[run.id] = added;
      return added;
    },
    read: async (path) => (await fetch(`${github.url}${path}`)).json(),
    async [Symbol.asyncDispose]() {
      await front.close();
      await github.close();
    },
  };
}

/** What `main` points to. */
export const COMMIT = 'a'.repeat(40);
