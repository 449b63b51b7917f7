import { ConnectionFailed } from './transaction-error.ts';

/** The five-character code of an error that PostgreSQL raised (PostgreSQL manual, appendix A). */
export function sqlState(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('severity' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

const transientStates = new Set([
  '40001', // serialization_failure
  '40P01', // deadlock_detected
  '55P03', // lock_not_available
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
  '53300', // too_many_connections
  '25P03', // idle_in_transaction_session_timeout
]);

const transientSystemErrors = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
]);

/**
 * True if nothing of the work stands and it may succeed when it is begun anew. `CommitUnknown` is not
 * transient: its work may stand, so look first.
 */
export function isTransient(error: unknown): boolean {
  if (error instanceof ConnectionFailed) return true;
  if (error instanceof AggregateError) return error.errors.some(isTransient);
  const state = sqlState(error);
  if (state !== undefined) return state.startsWith('08') || transientStates.has(state);
  return error instanceof Error && 'code' in error && transientSystemErrors.has(String(error.code));
}
