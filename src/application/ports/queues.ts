import type { TenantId } from '#domain/ids';
import type { PagerKind } from './pager.ts';

/** The job queues, each with ids as payload: what a job does is read when it runs. */
export const QUEUES = [
  'press',
  'surface',
  'copy',
  'note',
  'thread',
  'home',
  /** By webhook, under the name from when there was no other way. */
  'page',
  'page-pagerduty',
  'page-mail',
  'read-back',
  'gate',
  'revert',
  'provenance',
  'gate-delivery',
  'attest',
  'checkpoint',
  'send-checkpoint',
  'alarm',
  'digest',
  'policy',
  'event',
  'installation',
  'review-issue',
] as const;

export type Queue = (typeof QUEUES)[number];

/** One for each way to page: a way that fails is repeated alone. */
export const PAGE_QUEUES: Readonly<Record<PagerKind, Queue>> = {
  webhook: 'page',
  pagerduty: 'page-pagerduty',
  mail: 'page-mail',
};

/** Every payload names its tenant, because a job runs outside any request. */
export interface JobPayload {
  readonly tenant: string;
  readonly id: string;
  /** For a page: what it says. For a revert: the deploy. For a read-back: which of several gates. For a checkpoint: the kind of its destination. For a digest: its week. For a policy: the version before. For an installation: whether it is `installed` or `suspect`. */
  readonly kind?: string;
  /** What led to it, as W3C Trace Context writes that; only where traces are taken. */
  readonly trace?: string;
}

/** Jobs that nobody will try again. */
export interface DeadLetters {
  /** How many a tenant has, by queue; queues without any are left out. */
  countOf(tenant: TenantId): Promise<Readonly<Partial<Record<Queue, number>>>>;
}
