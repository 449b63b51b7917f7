import type { Logger } from 'pino';
import { tellAlarm } from '#application/alarms/tell-alarm';
import { sendCheckpoint, type CheckpointPorts } from '#application/checkpoints/send-checkpoint';
import { wantCheckpoints } from '#application/checkpoints/want-checkpoints';
import { tellDigest, type DigestPorts } from '#application/digest/tell-digest';
import { deliverEvent, type DeliveryPorts } from '#application/events/deliver-event';
import { readBack } from '#application/gates/read-back';
import { settleGate, type GatePorts } from '#application/gates/reconcile-gate';
import { revertDeploy } from '#application/gates/revert-deploy';
import { attestLate, type LatePorts } from '#application/press/attest-late';
import {
  lookAtInstallation,
  type InstallationPorts,
} from '#application/installs/look-at-installation';
import { giveUpPress } from '#application/press/give-up-press';
import { handlePress } from '#application/press/handle-press';
import type { Destination } from '#application/ports/outbound';
import type { Page, PagerKind } from '#application/ports/pager';
import { QUEUES, type JobPayload, type Queue } from '#application/ports/queues';
import type { ThreadJob } from '#application/ports/threads';
import { checkProvenance, type ProvenancePorts } from '#application/provenance/check-provenance';
import { syncIssue, type IssuePorts } from '#application/reviews/sync-issue';
import { tellLoosenings } from '#application/policy/changes/tell-loosenings';
import { retractCopy } from '#application/surfaces/retract-copy';
import { sendPage, type PagePorts } from '#application/surfaces/send-page';
import { sayInThread, type ThreadPorts } from '#application/surfaces/say-in-thread';
import { syncHome, type HomePorts } from '#application/surfaces/sync-home';
import { syncSurface, type SurfacePorts } from '#application/surfaces/sync-surface';
import { tellNote } from '#application/surfaces/tell-note';
import { bypassId, tenantId, type TenantId } from '#domain/ids';
import { parseDigest } from '#ledger/digest';
import type { JobQueueOptions, Jobs } from '#postgres/jobs';
import { UNOBSERVED, type Observer } from './observe/observer.ts';
import { watchedJob, type TakenJob } from './observe/watched-jobs.ts';

export interface WorkerPorts
  extends
    InstallationPorts,
    LatePorts,
    SurfacePorts,
    DeliveryPorts,
    Pick<ProvenancePorts, 'provenance'>,
    ThreadPorts,
    HomePorts,
    PagePorts,
    IssuePorts,
    Omit<CheckpointPorts, 'store'>,
    Pick<DigestPorts, 'digests' | 'statistics'>,
    Pick<GatePorts, 'pushes' | 'adapterOf' | 'onNotPushed'> {
  /** Handles what a gate system told us. @throws where it is to be tried again. */
  readonly gateDelivery: (tenant: TenantId, id: string) => Promise<void>;
}

type Handler = (ports: WorkerPorts, payload: JobPayload, jobId: string) => Promise<void>;

function paging(way: PagerKind): Handler {
  return (ports, { tenant, id, kind = 'asked' }, jobId) =>
    // The job's id is the page's: every try of one page is the same to its receiver.
    sendPage(ports, tenantId(tenant), {
      id: jobId,
      way,
      bypass: bypassId(id),
      kind: kind as Page['kind'],
    });
}

/** What is said of a bypass itself; anything else is a question, by its id. */
const isTold = (kind: string | undefined): kind is NonNullable<ThreadJob['kind']> =>
  kind === 'expiring' || kind === 'drill-report';

const HANDLERS: Readonly<Record<Queue, Handler>> = {
  press: (ports, { tenant, id }) => handlePress(ports, tenantId(tenant), id),
  surface: (ports, { tenant, id }) => syncSurface(ports, tenantId(tenant), id),
  copy: (ports, { tenant, id }) => retractCopy(ports, tenantId(tenant), id),
  note: (ports, { tenant, id }) => tellNote(ports, tenantId(tenant), id),
  home: (ports, { tenant, id }) => syncHome(ports, tenantId(tenant), id),
  thread: (ports, { tenant, id, kind }) =>
    sayInThread(ports, tenantId(tenant), isTold(kind) ? { id, kind } : { id }),
  page: paging('webhook'),
  'page-pagerduty': paging('pagerduty'),
  'page-mail': paging('mail'),
  'read-back': (ports, { tenant, id, kind }) =>
    readBack(ports, ports.adapterOf, tenantId(tenant), bypassId(id), kind),
  gate: (ports, { tenant, id }) => settleGate(ports, tenantId(tenant), id),
  revert: (ports, { tenant, id, kind }) =>
    revertDeploy(ports, ports.adapterOf, tenantId(tenant), bypassId(id), kind ?? ''),
  provenance: async (ports, { tenant, id }) => {
    const entry = parseDigest(id);
    if (entry !== undefined) await checkProvenance(ports, tenantId(tenant), entry);
  },
  attest: (ports, { tenant, id }) => attestLate(ports, tenantId(tenant), bypassId(id)),
  checkpoint: (ports, { tenant }) => wantCheckpoints(ports, tenantId(tenant)),
  'send-checkpoint': (ports, { tenant, id, kind }) =>
    sendCheckpoint(ports, tenantId(tenant), { kind: kind as Destination['kind'], name: id }),
  alarm: (ports, { tenant, id }) => tellAlarm(ports, tenantId(tenant), id),
  digest: (ports, { tenant, id, kind = '' }) =>
    tellDigest(ports, tenantId(tenant), { channel: id, week: kind }),
  policy: async (ports, { tenant, id, kind = '' }) => {
    const [entry, before] = [parseDigest(id), parseDigest(kind)];
    if (entry !== undefined && before !== undefined)
      await tellLoosenings(ports, tenantId(tenant), entry, before);
  },
  'gate-delivery': (ports, { tenant, id }) => ports.gateDelivery(tenantId(tenant), id),
  event: (ports, { tenant, id }) => deliverEvent(ports, tenantId(tenant), id),
  'review-issue': (ports, { tenant, id }) => syncIssue(ports, tenantId(tenant), bypassId(id)),
  installation: (ports, { tenant, id, kind }) =>
    lookAtInstallation(ports, tenantId(tenant), id, kind),
};

/** With pauses of up to five minutes, half a day: longer than Slack, Sigstore or a pager is out. */
const OUTAGE_RETRIES = { retryLimit: 150 };

/** Somebody waits, and a revocation must not come minutes after Slack is back: about an hour. */
const PRESS_RETRIES = { retryLimit: 400, retryDelayMaxSeconds: 10 };

/** A minute after Sigstore is back at the latest: its circuits keep a try while it is out cheap. */
const ATTEST_RETRIES = { retryLimit: 750, retryDelayMaxSeconds: 60 };

/** Doubling up to an hour: about a day, in which a receiver can be mended. */
const EVENT_RETRIES = { retryLimit: 38, retryDelayMaxSeconds: 3_600 };

const CONCURRENCY: Readonly<Record<Queue, number>> = {
  press: 4,
  surface: 4,
  copy: 1,
  note: 2,
  thread: 1,
  home: 2,
  page: 2,
  'page-pagerduty': 2,
  'page-mail': 2,
  'read-back': 1,
  // One that does not answer keeps the others waiting for its time-out.
  gate: 4,
  revert: 2,
  // An address of somebody's that does not answer holds up one of them for its time-out.
  provenance: 2,
  'gate-delivery': 2,
  attest: 1,
  checkpoint: 1,
  'send-checkpoint': 2,
  alarm: 1,
  digest: 1,
  policy: 1,
  // A receiver that is slow holds up one of them for its time-out.
  event: 4,
  installation: 1,
  'review-issue': 1,
};

/** The queue keeps what a job threw for long: a name and a code, and nothing of what people typed. */
class JobFailed extends Error {
  override name = 'JobFailed';
  /** The name of what it threw. */
  readonly code: string;
  constructor(error: unknown) {
    const name = error instanceof Error ? error.name : 'unknown';
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'none';
    super(`${name} (${code})`);
    this.code = name;
  }
}

/** Lets this process take jobs of every queue. A handler that fails is tried again by the queue. */
export async function startWorkers(
  ports: WorkerPorts,
  jobs: Pick<Jobs, 'work'>,
  log: Logger,
  observer: Observer = UNOBSERVED,
): Promise<void> {
  for (const queue of QUEUES)
    await jobs.work<JobPayload>(queue, { concurrency: CONCURRENCY[queue] }, (job) =>
      watchedJob(observer, queue, job, () => handle(ports, queue, job, log)),
    );
}

/** @throws JobFailed, also where a press could not be given up: nothing else may reach the queue. */
async function handle(ports: WorkerPorts, queue: Queue, job: TakenJob, log: Logger): Promise<void> {
  try {
    await attempt(ports, queue, job, log);
  } catch (error) {
    throw new JobFailed(error);
  }
}

async function attempt(
  ports: WorkerPorts,
  queue: Queue,
  job: TakenJob,
  log: Logger,
): Promise<void> {
  try {
    await HANDLERS[queue](ports, job.data, job.id);
  } catch (error) {
    const what = { err: error, queue, job: job.id, about: job.data.id };
    if (!job.isLastTry) log.warn(what, 'a job failed and will be tried again');
    else {
      log.error(what, 'a job failed for the last time and is dead-lettered');
      if (queue === 'press') await giveUpPress(ports, tenantId(job.data.tenant), job.data.id);
    }
    throw error;
  }
}

const RETRIES: Readonly<Partial<Record<Queue, JobQueueOptions>>> = {
  press: PRESS_RETRIES,
  event: EVENT_RETRIES,
  attest: ATTEST_RETRIES,
};

/** Queues exist before the first press can be stored. */
export async function ensureQueues(jobs: Jobs): Promise<void> {
  for (const queue of QUEUES) await jobs.ensureQueue(queue, RETRIES[queue] ?? OUTAGE_RETRIES);
}
