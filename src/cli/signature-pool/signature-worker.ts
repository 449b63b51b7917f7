import { parentPort, workerData } from 'node:worker_threads';
import { checkJob, type SignatureVerdict } from '#ledger/verify/signature-job';
import { auditChecks } from '../audit-checks.ts';
import { unpackJobs, type PackedJobs } from './packed-jobs.ts';

/** What the thread is started with. */
export interface SignatureWorkerData {
  /** The pinned trusted root (JSON). */
  readonly trustedRoot: unknown;
}

/** The answer to each message, in the order in which they came. */
export type SignatureWorkerAnswer = readonly SignatureVerdict[];

// What is thrown here ends the thread, and with it the verification: no check is ever left out.
const checks = auditChecks((workerData as SignatureWorkerData).trustedRoot);
const keys = new Map<string, Uint8Array>();

parentPort?.on('message', (packed: PackedJobs) => {
  // Each message brings a copy of the key; the checks read a key anew when it is not the same array.
  const known = packed.keys.map((spki) => knownKey(spki));
  const answer: SignatureWorkerAnswer = unpackJobs({ ...packed, keys: known }).map((job) =>
    checkJob(checks, job),
  );
  parentPort?.postMessage(answer);
});

function knownKey(spki: Uint8Array): Uint8Array {
  const name = Buffer.from(spki).toString('base64');
  const key = keys.get(name) ?? spki;
  keys.set(name, key);
  return key;
}
