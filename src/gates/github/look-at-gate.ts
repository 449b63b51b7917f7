import { PERMISSIONS, type GithubApp } from './app-client.ts';
import { hasCode } from './github-error.ts';
import {
  isGate,
  readGithubGate,
  standsIn,
  type GateMistake,
  type GithubGate,
  type NamedGate,
} from './github-gates.ts';

/** What keeps a gate of the policy from being one that stands at GitHub. */
export type WhyUnusable =
  /** This setting is missing, or is none. */
  | GateMistake['setting']
  /** The service has no App. */
  | 'no-app'
  /** GitHub does not take the App's key. */
  | 'key-refused'
  /** There is no such repository, or the App is not installed on it. */
  | 'not-installed'
  /** The installation was not given all that the App asks for, or is suspended. */
  | 'permissions'
  /** An environment waits, and GitHub says that there is nothing that the App could approve. */
  | 'approval-refused'
  /** The repository of this name has another id or owner. */
  | 'another-repository';

/** Is the gate one that stands at GitHub? `null` if so. Rejects with GithubError where nobody knows. */
export async function whyUnusable(app: GithubApp, named: NamedGate): Promise<WhyUnusable | null> {
  const gate = readGithubGate(named);
  return isGate(gate) ? whyNotThere(app, gate) : gate.setting;
}

/** The same for a gate whose settings were read. */
export async function whyNotThere(app: GithubApp, gate: GithubGate): Promise<WhyUnusable | null> {
  const about = { owner: gate.owner, repo: gate.repo };
  try {
    const { data } = await app.asApp('GET /repos/{owner}/{repo}/installation', about);
    const isSuspended = typeof data.suspended_at === 'string';
    if (isSuspended || !grants(data.permissions)) return 'permissions';
  } catch (error) {
    if (hasCode(error, 'not-found')) return 'not-installed';
    if (hasCode(error, 'refused')) return 'key-refused';
    throw error;
  }
  try {
    const { data } = await app.inRepository(gate)('GET /repos/{owner}/{repo}', about);
    return standsIn(gate, data) ? null : 'another-repository';
  } catch (error) {
    // No token is given for the id of a repository that the App is not installed on.
    if (hasCode(error, 'conflict', 'not-found')) return 'another-repository';
    throw error;
  }
}

function grants(given: Readonly<Record<string, string | undefined>>): boolean {
  return Object.entries(PERMISSIONS).every(
    ([name, level]) => given[name] === 'write' || given[name] === level,
  );
}
