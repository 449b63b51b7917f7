import type { TenantId } from '#domain/ids';
import type { Instant } from '#domain/instant';

/** A bot's token and, where tokens rotate, what renews it. Never logged, never in a job or an error. */
export interface SlackTokens {
  readonly access: string;
  readonly refresh: string | null;
  /** How long the access token lives from when it was given; `null` where it does not end. */
  readonly ttlMs: number | null;
}

/** What Slack gave for one installation. */
export interface NewInstallation {
  readonly enterprise: string | null;
  /** `null` where it is for a whole organisation: then `enterprise` is set. */
  readonly team: string | null;
  /** The workspace's or the organisation's, for people. */
  readonly name: string;
  readonly botUser: string;
  readonly appId: string;
  readonly scopes: readonly string[];
  readonly tokens: SlackTokens;
}

/** An installation that stands. */
export interface StoredInstallation extends Omit<NewInstallation, 'tokens'> {
  readonly tenant: TenantId;
  readonly id: string;
  readonly token: string;
}

/** An installation as operators see it. */
export interface KnownInstallation {
  readonly id: string;
  readonly enterprise: string | null;
  readonly team: string | null;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly installedAt: Instant;
  readonly endedAt: Instant | null;
}

export interface Invited {
  readonly tenant: TenantId;
  /** The tenant's name, as the operator wrote it. */
  readonly name: string;
}

/** A browser that is back from Slack. */
export interface CameBack extends Invited {
  /** SHA-256 of the cookie of the browser that began, in hex. */
  readonly browser: string;
}

/** A browser that is asked whether to bind. */
export interface AwaitingConfirm extends CameBack {
  readonly exchanged: NewInstallation;
}

/** `taken`: it belongs to another tenant. `used`: the invitation was, meanwhile, or is over. */
export type Bound =
  | { readonly kind: 'bound'; readonly id: string }
  | { readonly kind: 'taken' | 'used' };

/** Invitations and attempts to install. Links, states and handles are random and kept as SHA-256. */
export interface InstallAttempts {
  /** Makes an invitation for one installation and gives what its link ends in. */
  invite(tenant: TenantId, name: string): Promise<string>;
  /** `null` for one that is unknown, used or over. */
  invited(link: string): Promise<Invited | null>;
  /** Notes that a browser goes to Slack, and gives the state it goes with; `null` as `invited`. */
  begin(link: string, browser: string): Promise<string | null>;
  /** Looks at the attempt of a state; `null` once it was taken or is over. */
  begun(state: string): Promise<CameBack | null>;
  /** The state serves no more: `false` if it did not before. */
  take(state: string): Promise<boolean>;
  /** Keeps what Slack gave until somebody confirms, and gives the handle to confirm with. */
  exchanged(state: string, given: NewInstallation): Promise<string | null>;
  awaiting(handle: string): Promise<AwaitingConfirm | null>;
  /**
   * Binds it: makes the tenant with an empty log where it is new, puts this installation in place of
   * one that stands for the same workspace, uses the invitation up, and leaves the job that brings
   * everything up to date. All of it or nothing.
   *
   * @param host what the log's origin begins with; fixed when the tenant is made.
   */
  confirm(handle: string, host: string): Promise<Bound>;
  /** What Slack gave for attempts that nobody confirmed in time, where nobody is asked anew since. */
  abandoned(tenant: TenantId): Promise<readonly Abandoned[]>;
  /** It was given back, or must not be: it is forgotten. */
  forget(tenant: TenantId, attempt: Abandoned): Promise<void>;
  /** Tenants that exist, and those that somebody was invited to. */
  tenants(): Promise<readonly TenantId[]>;
}

export interface Abandoned {
  readonly hash: Uint8Array;
  readonly exchanged: NewInstallation;
}

/** Where the app is installed. */
export interface InstallationStore {
  /**
   * The installation that serves this workspace: its own, else that of its organisation. Slack says
   * with what it sends which organisation that is; it is noted for those who ask without knowing.
   */
  find(team: string | null, enterprise: string | null): Promise<StoredInstallation | null>;
  /** One that stands; `null` for one that ended. */
  get(tenant: TenantId, id: string): Promise<StoredInstallation | null>;
  /** Whether this workspace is the tenant's, installed or not. */
  isBound(team: string, tenant: TenantId): Promise<boolean>;
  /** Whether any tenant has it for exactly this workspace or organisation. */
  stands(of: Pick<NewInstallation, 'team' | 'enterprise'>): Promise<boolean>;
  /** All of a tenant's, the newest first, those that ended too. */
  list(tenant: TenantId): Promise<readonly KnownInstallation[]>;
  /** It ends, as Slack says or an operator wants; `false` if it had. */
  end(tenant: TenantId, id: string, by: 'slack' | 'operator'): Promise<boolean>;
  /** Has somebody look whether it still stands. */
  suspect(tenant: TenantId, id: string): Promise<void>;
  /** Those whose token is past the half of its life. */
  toRenew(tenant: TenantId): Promise<readonly string[]>;
  /**
   * Renews a token, if it is still to be renewed, while nobody else does: of all replicas one.
   * `ask` is called with the transaction open, and must end within seconds.
   */
  renew(
    tenant: TenantId,
    id: string,
    ask: (refresh: string) => Promise<SlackTokens>,
  ): Promise<'renewed' | 'not-due'>;
  /** Shows everything anew that could not be shown without it: cards, notes, questions and alarms. */
  catchUp(tenant: TenantId): Promise<void>;
}

/** Slack's side of installing (docs.slack.dev/authentication/installing-with-oauth). */
export interface SlackOAuth {
  /** Where the browser is sent to. */
  authorizeUrl(state: string): string;
  /** One use of a code. @throws SlackOAuthFailed. */
  exchange(code: string): Promise<NewInstallation>;
  /** @throws SlackOAuthFailed. */
  renew(refresh: string): Promise<SlackTokens>;
  /** Gives a token back; one that is no good any more is given back too. @throws SlackOAuthFailed. */
  revoke(token: string): Promise<void>;
  /** Whether a token still serves. @throws SlackOAuthFailed where Slack does not say. */
  serves(token: string): Promise<boolean>;
}

export class SlackOAuthFailed extends Error {
  override name = 'SlackOAuthFailed';
  /** `refused`: trying again cannot help. */
  readonly code: 'refused' | 'unreachable';
  /** Slack's own word for it, such as `invalid_code`. */
  readonly said: string;
  constructor(code: 'refused' | 'unreachable', said: string, options?: ErrorOptions) {
    super(`Slack did not do it: ${said}`, options);
    this.code = code;
    this.said = said;
  }
}
