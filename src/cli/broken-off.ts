import { SignatureWorkerDied } from './signature-pool/signature-worker-died.ts';
import { TemporaryBytesLost } from './temporary-bytes.ts';

/**
 * Why a verification broke off that says nothing of the log, in words; `undefined` for any other
 * error. Without them it would end as one that was refused does.
 */
export function brokenOff(error: unknown): string | undefined {
  if (error instanceof TemporaryBytesLost)
    return `The verification broke off: ${error.message}${because(error)}. Make room there, or set TMPDIR to a folder that has some, and verify again.`;
  if (error instanceof SignatureWorkerDied)
    return `The verification broke off: ${error.message}${because(error)}. Verify again, with --workers 0 if it happens twice.`;
  return undefined;
}

/** What the system says: a code such as ENOSPC. */
function because({ cause }: Error): string {
  return cause instanceof Error && 'code' in cause ? `: ${String(cause.code)}` : '';
}
