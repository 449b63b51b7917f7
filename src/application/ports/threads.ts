import type { BypassId, TenantId } from '#domain/ids';
import type { NewQuestion } from './questions.ts';
import type { RateLimit, Surface } from './surface.ts';

/** Something to be said in a thread: a question by its id, or of a bypass that its end is near, or how a drill went. */
export interface ThreadJob {
  readonly id: string;
  readonly kind?: 'expiring' | 'drill-report';
}

/** What is on its way into the threads of cards. */
export interface ThreadStore {
  /**
   * The card under which it goes: the one in the incident channel, else the requester's own. `null`
   * while nothing may be sent there: then the job comes back.
   */
  cardToSayUnder(tenant: TenantId, bypass: BypassId, job: ThreadJob): Promise<Surface | null>;
  /** Stops what the limit holds up, and says it then. */
  threadLimited(tenant: TenantId, under: Surface, job: ThreadJob, limit: RateLimit): Promise<void>;
  /** `null` once it was posted. */
  question(tenant: TenantId, id: string): Promise<NewQuestion | null>;
  /** It stands in Slack, and what it says is kept there alone. */
  questionPosted(tenant: TenantId, id: string): Promise<void>;
}

export interface ThreadWrites {
  /** Has it said in the thread of the incident card that the end of the bypass is near. */
  sayExpiring(bypass: BypassId): Promise<void>;
}

export interface WarningWrites extends ThreadWrites {
  /** `true` the first time for this bypass. */
  markWarned(bypass: BypassId): Promise<boolean>;
}
