import { X509Certificate } from 'node:crypto';
import { z } from 'zod';
import type { AttestationState, SerializedLogEntry } from './attestation-state.ts';

const signed = { signature: z.base64(), certificate: z.base64() };
const logEntry = z.custom<SerializedLogEntry>(
  (value) => typeof value === 'object' && value !== null,
);

const stored = z.discriminatedUnion('stage', [
  z.strictObject({ stage: z.literal('signed'), ...signed }),
  z.strictObject({ stage: z.literal('timestamped'), ...signed, timestamp: z.base64() }),
  z.strictObject({
    stage: z.literal('logged'),
    ...signed,
    timestamp: z.base64().optional(),
    logEntry,
  }),
]);

/** A stage as it is stored: without the statement, which stands beside it. Nothing in it is secret. */
export type StoredStage = Omit<AttestationState, 'payload'>;

/** What is stored of a stage; field by field, so that nothing else is kept by oversight. */
export function toStoredStage(state: AttestationState): StoredStage {
  const { payload: _payload, ...kept } = state;
  return stored.parse(JSON.parse(JSON.stringify(kept)));
}

/** A stage must still be timestamped and logged before its certificate ends. */
const SPARE_MS = 30_000;

/**
 * The state to go on from. Undefined when there is none, when it cannot be read (another version
 * wrote it), or when its certificate ends too soon for a timestamp: then it is begun anew.
 *
 * @param now by the clock that the services go by.
 */
export function fromStoredStage(
  stage: unknown,
  statementBytes: Uint8Array,
  now: Date,
): AttestationState | undefined {
  const parsed = stored.safeParse(stage);
  if (!parsed.success) return undefined;
  const payload = Buffer.from(statementBytes).toString('base64');
  const state = { ...parsed.data, payload } as AttestationState;
  if (state.stage === 'signed' && endsBefore(state.certificate, now.getTime() + SPARE_MS))
    return undefined;
  return state;
}

function endsBefore(certificate: string, atMs: number): boolean {
  try {
    const { validTo } = new X509Certificate(Buffer.from(certificate, 'base64'));
    return Date.parse(validTo) < atMs;
  } catch {
    return true;
  }
}
