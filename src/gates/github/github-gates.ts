/** A gate of kind `github` as the policy has it. */
export interface NamedGate {
  readonly name: string;
  readonly settings: Readonly<Record<string, string>>;
}

/** An existing check. Anybody who can push a workflow can make one of any name: its App tells them apart. */
export interface WrappedCheck {
  readonly name: string;
  readonly appId: number;
}

interface Place {
  readonly gate: string;
  readonly owner: string;
  readonly repo: string;
  /** Stays when the repository is renamed, and is never given to another. */
  readonly repositoryId: number;
  /** Changes when the repository is handed over; `null` where the policy does not say whose it is. */
  readonly ownerId: number | null;
  readonly service: string;
  /** An existing check that lets a commit pass by itself; `null` for none. */
  readonly wraps: WrappedCheck | null;
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
  readonly setting:
    | 'repository'
    | 'repository_id'
    | 'repository_owner_id'
    | 'environment'
    | 'wraps'
    | 'wraps_app_id';
}

const REPOSITORY = /^([\w.-]*[^.][\w.-]*)\/([\w.-]*[^.][\w.-]*)$/;
const ID = /^[1-9]\d{0,14}$/;

/**
 * Reads the settings of a gate: `repository`, `repository_id`, `repository_owner_id`; `check` makes it a
 * required check, else it is a protection rule; `environment`; `service`, else the repository's name;
 * `wraps` with `wraps_app_id`.
 */
export function readGithubGate({ name, settings }: NamedGate): GithubGate | GateMistake {
  const mistake = (setting: GateMistake['setting']): GateMistake => ({ gate: name, setting });
  const [, owner, repo] = REPOSITORY.exec(settings['repository'] ?? '') ?? [];
  if (owner === undefined || repo === undefined) return mistake('repository');
  const id = settings['repository_id'] ?? '';
  if (!ID.test(id)) return mistake('repository_id');
  const owning = settings['repository_owner_id'];
  if (owning !== undefined && !ID.test(owning)) return mistake('repository_owner_id');
  const ownerId = owning === undefined ? null : Number(owning);
  const { check, environment, service = repo } = settings as Settings;
  // A check that waits for itself would pass as soon as it once did.
  if (check !== undefined && check === settings['wraps']) return mistake('wraps');
  const wraps = readWrapped(settings);
  if (wraps === 'mistaken') return mistake('wraps_app_id');
  const place = { gate: name, owner, repo, repositoryId: Number(id), ownerId, service, wraps };
  if (check === undefined) return { ...place, kind: 'rule', environment: environment ?? null };
  if (environment === undefined) return mistake('environment');
  return { ...place, kind: 'check', environment, check };
}

type Settings = Readonly<Partial<Record<'check' | 'environment' | 'service', string>>>;

/** Both settings, or neither. */
function readWrapped(settings: NamedGate['settings']): WrappedCheck | null | 'mistaken' {
  const { wraps: name, wraps_app_id: app } = settings as Partial<NamedGate['settings']>;
  if (name === undefined && app === undefined) return null;
  if (name === undefined || app === undefined || !ID.test(app)) return 'mistaken';
  return { name, appId: Number(app) };
}

/** A repository as GitHub tells of it. */
export interface ToldRepository {
  readonly id: number | bigint;
  readonly owner?: { readonly id: number | bigint } | null | undefined;
}

/** Names do not count: they are changed, and given to others. */
export function standsIn(
  { repositoryId, ownerId }: Pick<Place, 'repositoryId' | 'ownerId'>,
  { id, owner }: ToldRepository,
): boolean {
  const isOwned = ownerId === null || Number(owner?.id) === ownerId;
  return Number(id) === repositoryId && isOwned;
}

export function isGate(read: GithubGate | GateMistake): read is GithubGate {
  return 'kind' in read;
}

export const isRule = (gate: GithubGate): gate is RuleGate => gate.kind === 'rule';
export const isCheck = (gate: GithubGate): gate is CheckGate => gate.kind === 'check';
