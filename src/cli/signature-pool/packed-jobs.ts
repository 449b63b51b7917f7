import type { JsonValue } from '#ledger/canonical-json';
import type { SignatureJob } from '#ledger/verify/signature-job';

/**
 * Jobs on their way to another thread: what stands in them packed into one buffer, which is handed
 * over and not copied.
 */
export interface PackedJobs {
  /** The statement and then the signature (of a service's key) of each job, without a gap. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Three numbers a job: the place of its key, or `OF_BUNDLE`; the lengths of its two parts. */
  readonly table: Uint32Array<ArrayBuffer>;
  /** The public keys that the jobs name by their places. */
  readonly keys: readonly Uint8Array[];
  /** The bundles of the jobs that have one, in their order. */
  readonly bundles: readonly JsonValue[];
}

const OF_BUNDLE = 0xffff_ffff;
const ROW = 3;

export function packJobs(jobs: readonly SignatureJob[]): PackedJobs {
  const keys: Uint8Array[] = [];
  const bundles: JsonValue[] = [];
  const table = new Uint32Array(jobs.length * ROW);
  const bytes = new Uint8Array(jobs.reduce((sum, job) => sum + sizeOf(job), 0));
  let at = 0;
  for (const [place, job] of jobs.entries()) {
    const signature = signatureOf(job);
    bytes.set(job.statement, at);
    bytes.set(signature, at + job.statement.length);
    at += sizeOf(job);
    if (job.kind === 'bundle') bundles.push(job.bundle);
    const key = job.kind === 'bundle' ? OF_BUNDLE : placeIn(keys, job.spki);
    table[place * ROW] = key;
    table[place * ROW + 1] = job.statement.length;
    table[place * ROW + 2] = signature.length;
  }
  return { bytes, table, keys, bundles };
}

/** The same jobs, in the same order; their bytes are windows on the buffer. */
export function unpackJobs({ bytes, table, keys, bundles }: PackedJobs): readonly SignatureJob[] {
  const jobs: SignatureJob[] = [];
  let [at, bundle] = [0, 0];
  // Read number by number: a window on each row would cost more than all that is done with it.
  for (let row = 0; row < table.length; row += ROW) {
    const key = table[row] ?? OF_BUNDLE;
    const statementLength = table[row + 1] ?? 0;
    const signatureLength = table[row + 2] ?? 0;
    const statement = bytes.subarray(at, at + statementLength);
    at += statementLength;
    const signature = bytes.subarray(at, at + signatureLength);
    at += signatureLength;
    const spki = keys[key];
    if (spki !== undefined) jobs.push({ kind: 'service', spki, statement, signature });
    else jobs.push({ kind: 'bundle', bundle: bundles[bundle++] ?? null, statement });
  }
  return jobs;
}

const NO_BYTES = new Uint8Array();

const signatureOf = (job: SignatureJob): Uint8Array =>
  job.kind === 'service' ? job.signature : NO_BYTES;

const sizeOf = (job: SignatureJob): number => job.statement.length + signatureOf(job).length;

function placeIn(keys: Uint8Array[], spki: Uint8Array): number {
  const known = keys.indexOf(spki);
  return known === -1 ? keys.push(spki) - 1 : known;
}
