import type { BypassId, TenantId } from '#domain/ids';

/** Whose messages that an incident is over are taken: any tool's by Standard Webhooks, or PagerDuty's. */
export type IncidentSourceKind = 'standard' | 'pagerduty';

export interface IncidentSources {
  /** The secret that such a message is signed with; `null` where none is set, or no such tenant is. */
  secretOf(tenant: TenantId, kind: IncidentSourceKind): Promise<string | null>;
  /** In place of the one before, which counts no more. */
  putSecret(tenant: TenantId, kind: IncidentSourceKind, secret: string): Promise<void>;
}

/** An active bypass with the incident that its requester named. */
export interface BypassOfIncident {
  readonly bypass: BypassId;
  readonly incident: string;
}

export interface IncidentReads {
  /** Those, drills aside, that named an incident and whose requester was not told yet that it is over. */
  incidentsOfActive(): Promise<readonly BypassOfIncident[]>;
}

export interface IncidentWrites {
  /** `true` the first time for this bypass. */
  markProposed(bypass: BypassId): Promise<boolean>;
}
