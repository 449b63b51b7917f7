import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { SignatureJob, SignatureVerdict } from '#ledger/verify/signature-job';
import { packJobs } from './packed-jobs.ts';
import { SignatureWorkerDied } from './signature-worker-died.ts';
import type { SignatureWorkerAnswer, SignatureWorkerData } from './signature-worker.ts';

type Verdicts = readonly SignatureVerdict[];

// Beside this module, and compiled where this one is.
const WORKER = new URL(`signature-worker${extname(import.meta.filename)}`, import.meta.url);

/** One thread that checks signatures, a batch at a time, in the order in which they are given. */
export class SignatureThread {
  readonly #worker: Worker;
  readonly #asked: PromiseWithResolvers<Verdicts>[] = [];
  #died: SignatureWorkerDied | undefined;

  constructor(data: SignatureWorkerData) {
    this.#worker = new Worker(WORKER, { workerData: data });
    this.#worker.on('message', (answer: SignatureWorkerAnswer) =>
      this.#asked.shift()?.resolve(answer),
    );
    this.#worker.on('error', (cause) => this.#fail(new SignatureWorkerDied('threw', cause)));
    this.#worker.on('exit', () => this.#fail(new SignatureWorkerDied('exited')));
  }

  /** How many batches wait for their verdicts. */
  get waiting(): number {
    return this.#asked.length;
  }

  get threadId(): number {
    return this.#worker.threadId;
  }

  /** Rejects with SignatureWorkerDied if the thread ends before it answers. */
  async check(jobs: readonly SignatureJob[]): Promise<Verdicts> {
    if (this.#died !== undefined) throw this.#died;
    const asked = Promise.withResolvers<Verdicts>();
    this.#asked.push(asked);
    const packed = packJobs(jobs);
    this.#worker.postMessage(packed, [packed.bytes.buffer, packed.table.buffer]);
    return asked.promise;
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #fail(died: SignatureWorkerDied): void {
    this.#died ??= died;
    for (const asked of this.#asked.splice(0)) asked.reject(this.#died);
  }
}
