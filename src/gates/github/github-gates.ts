/** A gate of kind `github` as the policy has it. */
export interface NamedGate {
  readonly name: string;
  readonly settings: Readonly<Record<string, string>>;
}

interface Place {
  readonly gate: string;
  readonly owner: string;
  readonly repo: string;
  /** Stays when the repository is renamed, and is never given to another. */
  readonly repositoryId: number;
  readonly service: string;
  /** An existing check that lets a commit pass by itself; `null` for none. */
  readonly wraps: string | null;
}

/** A custom deployment protection rule on environments of the repository. */
export interface RuleGate extends Place {
  readonly kind: 'rule';
  /** The environment that it guards; `null` for every one that has the rule. */
  readonly environment: string | null;
}

/** A required check on the repository's branches. */
export interface CheckGate extends Place {
  readonly kind: 'check';
  /** What a bypass must name. */
  readonly environment: string;
  /** The name of the check that we show. */
  readonly check: string;
}

export type GithubGate = RuleGate | CheckGate;

export interface GateMistake {
  readonly gate: string;
  readonly setting: 'repository' | 'repository_id' | 'environment' | 'wraps';
}

const REPOSITORY = /^([\w.-]*[^.][\w.-]*)\/([\w.-]*[^.][\w.-]*)$/;
const ID = /^[1-9]\d{0,14}$/;

/**
 * Reads the settings of a gate: `repository` and `repository_id`; `check` makes it a required check,
 * else it is a protection rule; `environment`; `service`, else the repository's name; `wraps`.
 */
export function readGithubGate({ name, settings }: NamedGate): GithubGate | GateMistake {
  const mistake = (setting: GateMistake['setting']): GateMistake => ({ gate: name, setting });
  const [, owner, repo] = REPOSITORY.exec(settings['repository'] ?? '') ?? [];
  if (owner === undefined || repo === undefined) return mistake('repository');
  const id = settings['repository_id'] ?? '';
  if (!ID.test(id)) return mistake('repository_id');
  const { check, environment, service = repo, wraps = null } = settings as Settings;
  // A check that waits for itself would pass as soon as it once did.
  if (check !== undefined && check === wraps) return mistake('wraps');
  const place = { gate: name, owner, repo, repositoryId: Number(id), service, wraps };
  if (check === undefined) return { ...place, kind: 'rule', environment: environment ?? null };
  if (environment === undefined) return mistake('environment');
  return { ...place, kind: 'check', environment, check };
}

type Settings = Readonly<Partial<Record<'check' | 'environment' | 'service' | 'wraps', string>>>;

export function isGate(read: GithubGate | GateMistake): read is GithubGate {
  return 'kind' in read;
}

export const isRule = (gate: GithubGate): gate is RuleGate => gate.kind === 'rule';
export const isCheck = (gate: GithubGate): gate is CheckGate => gate.kind === 'check';
