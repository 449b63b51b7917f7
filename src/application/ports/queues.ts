import type { TenantId } from '#domain/ids';

/** The job queues, each with ids as payload: what a job does is read when it runs. */
export const QUEUES = [
  'press',
  'surface',
  'copy',
  'note',
  'page',
  'read-back',
  'gate',
  'revert',
  'provenance',
  'gate-delivery',
  'attest',
  'checkpoint',
  'send-checkpoint',
  'alarm',
  'event',
] as const;

export type Queue = (typeof QUEUES)[number];

/** Every payload names its tenant, because a job runs outside any request. */
export interface JobPayload {
  readonly tenant: string;
  readonly id: string;
  /** For a page: what it says. For a revert: the deploy. For a read-back: which of several gates. For a checkpoint: the kind of its destination. */
  readonly kind?: string;
}

/** Jobs that nobody will try again. */
export interface DeadLetters {
  /** How many a tenant has, by queue; queues without any are left out. */
  countOf(tenant: TenantId): Promise<Readonly<Partial<Record<Queue, number>>>>;
}
