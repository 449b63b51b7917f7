import { type Job, PgBoss, type SendOptions, type WorkOptions } from 'pg-boss';
import { jobsSchema } from './jobs-schema.ts';
import type { Transaction } from './transaction.ts';

export interface JobQueueOptions {
  /** How often a failed job is tried again before it goes to the dead-letter queue; 10 unless given. */
  retryLimit?: number;
  /** Before the first retry, doubled for each further one; 1 s unless given. */
  retryDelaySeconds?: number;
  /** Upper bound of that delay; 300 s unless given. */
  retryDelayMaxSeconds?: number;
  /** Longest run of one attempt; 60 s unless given. */
  expireSeconds?: number;
  /** pg-boss's queue policy; `standard` unless given. Fixed when the queue is first made. */
  policy?: 'standard' | 'short' | 'singleton' | 'stately' | 'exclusive' | 'key_strict_fifo';
}

export type JobOptions = Pick<SendOptions, 'id' | 'priority' | 'startAfter' | 'singletonKey'>;

/** A job with how often it was tried before. */
export interface TriedJob<T> extends Job<T> {
  /** If it fails now, it goes to the dead-letter queue. */
  readonly isLastTry: boolean;
}

export interface JobsOptions {
  /** Lost connections, failing maintenance, handlers that reject: to be logged and counted. */
  onError: (error: Error) => void;
  /** Most connections of the job workers; 4 unless given. */
  max?: number;
  /** Where it is asked: a job that is added there carries it as `trace`, unless it has one. */
  traceparent?: () => string | undefined;
}

export interface Jobs {
  /** Makes the queue and its dead-letter queue, `<name>.dead`, or brings their options up to date. */
  ensureQueue(name: string, options?: JobQueueOptions): Promise<void>;
  /**
   * Adds a job within the transaction: it exists exactly if the transaction commits, and a worker of
   * this process is woken at that moment. Gives the job's id, or `undefined` where the queue's policy
   * holds one that stands for it already. Works under both roles.
   */
  sendIn(
    transaction: Transaction,
    queue: string,
    data: object,
    options?: JobOptions,
  ): Promise<string | undefined>;
  /** The same for many at once, in one statement; on queues whose policy holds none back. */
  sendAllIn(
    transaction: Transaction,
    queue: string,
    data: readonly object[],
    options?: Pick<JobOptions, 'startAfter'>,
  ): Promise<void>;
  /**
   * Handles jobs one at a time in each of `concurrency` workers (1 unless given). A handler that
   * rejects is retried; one whose process is killed is retried when its heartbeats stop, within about
   * 16 s: a handler may run twice and must come to the same. `job.signal` aborts when `stop` has
   * waited long enough.
   */
  work<T extends object>(
    queue: string,
    options: { concurrency?: number },
    handler: (job: TriedJob<T>) => Promise<void>,
  ): Promise<void>;
  /** Lets this process's workers of `queue` look now. Anything else waits for the next poll. */
  wake(queue: string): void;
  /**
   * How many jobs of these queues are dead-lettered whose payload holds all of `about`, by queue;
   * those without any are left out.
   */
  deadLetters(
    queues: readonly string[],
    about?: Readonly<Record<string, string>>,
  ): Promise<Readonly<Record<string, number>>>;
  /** Moves dead-lettered jobs back to their queue; gives how many. */
  redrive(queue: string): Promise<number>;
  /** Takes no more jobs, waits for those at work up to `timeoutMs`, hands the rest back, and closes. */
  stop(timeoutMs: number): Promise<void>;
}

export function deadLetterQueue(name: string): string {
  return `${name}.dead`;
}

/** A poll costs 0.2 ms; it finds what other processes add and what becomes due. */
const pollSeconds = 1;
/** The least that pg-boss takes. */
const heartbeatSeconds = 10;
const superviseSeconds = 5;

/**
 * Runs pg-boss as the jobs role, on tables that `migrate` made.
 *
 * @param url of any user that may become `breakglass_jobs`. The role is set as the connection
 *   starts, which a pooler in transaction mode does not pass on: go around it.
 * @throws pg-boss's error where its tables are missing or of another version.
 */
export async function startJobs(url: string, options: JobsOptions): Promise<Jobs> {
  const boss = new PgBoss({
    connectionString: url,
    options: '-c role=breakglass_jobs',
    application_name: 'breakglass-jobs',
    max: options.max ?? 4,
    schema: jobsSchema,
    migrate: false,
    createSchema: false,
    schedule: false,
    superviseIntervalSeconds: superviseSeconds,
    monitorIntervalSeconds: superviseSeconds,
    // Rebuilding an index takes its owner, who is the migrator.
    reindex: false,
  });
  boss.on('error', options.onError);
  await boss.start();
  return bound(boss, new Map(), options.traceparent ?? (() => undefined));
}

function bound(
  boss: PgBoss,
  workers: Map<string, string[]>,
  traceparent: () => string | undefined,
): Jobs {
  const traced = (data: object): object => {
    const trace = traceparent();
    return trace === undefined ? data : { trace, ...data };
  };
  function wake(queue: string): void {
    for (const id of workers.get(queue) ?? []) boss.notifyWorker(id);
  }
  return {
    wake,
    ensureQueue: (name, queueOptions = {}) => ensureQueue(boss, name, queueOptions),
    async sendIn(transaction, queue, data, jobOptions = {}) {
      const id = await boss.send(queue, traced(data), { ...jobOptions, db: within(transaction) });
      transaction.afterCommit(() => wake(queue));
      return id ?? undefined;
    },
    async sendAllIn(transaction, queue, data, jobOptions = {}) {
      const sent = data.map((one) => ({ ...jobOptions, data: traced(one) }));
      await boss.insert(queue, sent, { db: within(transaction) });
      transaction.afterCommit(() => wake(queue));
    },
    async work(queue, { concurrency = 1 }, handler) {
      const ids = workers.get(queue) ?? [];
      workers.set(queue, ids);
      for (let count = 0; count < concurrency; count += 1)
        ids.push(await worker(boss, queue, handler));
    },
    async deadLetters(queues, about = {}) {
      const counts: Record<string, number> = {};
      for (const queue of queues) {
        const { total } = await boss.previewRedrive(deadLetterQueue(queue), { data: about });
        if (total > 0) counts[queue] = total;
      }
      return counts;
    },
    async redrive(queue) {
      return boss.redrive(deadLetterQueue(queue), { sourceName: queue });
    },
    stop: (timeoutMs) => boss.stop({ graceful: true, timeout: timeoutMs }),
  };
}

/** pg-boss has a few long texts, one for each thing that it does to a kind of queue. */
const MOST_NAMED = 100;
const named = new Map<string, string>();

/** A name under which a connection keeps what it parsed and planned; none once there are too many. */
function nameOf(text: string): string | undefined {
  const known = named.get(text);
  if (known !== undefined || named.size >= MOST_NAMED) return known;
  const name = `job-${named.size}`;
  named.set(text, name);
  return name;
}

const within = ({ client }: Transaction) => ({
  async executeSql(text: string, values: unknown[] = []) {
    // Without values it may be several statements, which cannot be kept.
    const name = values.length === 0 ? undefined : nameOf(text);
    return name === undefined ? client.query(text, values) : client.query({ name, text, values });
  },
});

async function ensureQueue(boss: PgBoss, name: string, options: JobQueueOptions): Promise<void> {
  const dead = deadLetterQueue(name);
  // Kept for a person to look at: nothing deletes it, and nothing retries it unasked.
  await boss.createQueue(dead, { retryLimit: 0, retentionSeconds: 365 * 86_400 });
  const current = {
    retryLimit: options.retryLimit ?? 10,
    retryDelay: options.retryDelaySeconds ?? 1,
    retryBackoff: true,
    retryDelayMax: options.retryDelayMaxSeconds ?? 300,
    expireInSeconds: options.expireSeconds ?? 60,
    heartbeatSeconds,
    deadLetter: dead,
  };
  await boss.createQueue(name, { ...current, policy: options.policy ?? 'standard' });
  await boss.updateQueue(name, current);
}

/**
 * One worker that takes one job at a time. pg-boss sleeps out its poll after every fetch, even a
 * full one; waking it from within the handler makes it fetch again at once until nothing is left.
 */
async function worker<T extends object>(
  boss: PgBoss,
  queue: string,
  handler: (job: TriedJob<T>) => Promise<void>,
): Promise<string> {
  const options = {
    batchSize: 1,
    pollingIntervalSeconds: pollSeconds,
    includeMetadata: true,
  } as const satisfies WorkOptions;
  let id = '';
  id = await boss.work<T, void, typeof options>(queue, options, async ([job]) => {
    boss.notifyWorker(id);
    if (job !== undefined) await handler({ ...job, isLastTry: job.retryCount >= job.retryLimit });
  });
  return id;
}
