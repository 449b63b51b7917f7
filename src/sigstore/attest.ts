import type {
  LoggedStatement,
  SignedStatement,
  TimestampedStatement,
} from './attestation-state.ts';
import { toBundle } from './bundle.ts';
import type { AttestedBundle } from './bundle.ts';
import { logStatement } from './log-statement.ts';
import { obtainCertificate } from './obtain-certificate.ts';
import { signStatement } from './sign-statement.ts';
import { timestampSignature } from './timestamp-signature.ts';

export interface SigningServices {
  readonly fulcioUrl: string;
  readonly tsaUrl: string;
  /** Left out: the bundle has no log entry, and verifiers must not ask for one. */
  readonly rekorUrl?: string;
}

export interface AttestOptions {
  /** The in-toto statement, as it will be kept: not a byte of it is changed. */
  readonly statementBytes: Uint8Array;
  /** An OpenID Connect token for the audience that Fulcio expects. Fresh: it is good for one try. */
  readonly identityToken: string;
  readonly services: SigningServices;
  /** For all stages together; nothing left means that nothing is asked. */
  readonly budgetMs: number;
  /** Ends the work early; counts as the budget being used up. */
  readonly signal?: AbortSignal;
}

/**
 * Signs a statement through Sigstore within a budget: certificate, signature, timestamp, log entry.
 * Nothing is tried twice: a retry needs a fresh token.
 * Throws `SignerUnavailable` if a service does not answer or time is up, `SigningRefused` if one
 * says no; a signature that got no further is inert.
 */
export async function attest(options: AttestOptions): Promise<AttestedBundle> {
  const { services } = options;
  const signal = budgetSignal(options);
  const key = await obtainCertificate(options.identityToken, services.fulcioUrl, signal);
  const signed = signStatement(options.statementBytes, key);
  return toBundle(await witness(signed, services, signal));
}

/** Runs the stages that `statement` still lacks: from a stored state, this resumes. */
export async function witness(
  statement: SignedStatement | TimestampedStatement | LoggedStatement,
  services: Pick<SigningServices, 'tsaUrl' | 'rekorUrl'>,
  signal: AbortSignal,
): Promise<TimestampedStatement | LoggedStatement> {
  // The timestamp is urgent, as it must fall within the certificate's ten minutes; the log is not.
  const timestamped =
    statement.stage === 'signed'
      ? await timestampSignature(statement, services.tsaUrl, signal)
      : statement;
  if (timestamped.stage === 'logged' || services.rekorUrl === undefined) return timestamped;
  return await logStatement(timestamped, services.rekorUrl, signal);
}

/** A signal that fires when `budgetMs` have passed or the caller gives up. */
export function budgetSignal(options: Pick<AttestOptions, 'budgetMs' | 'signal'>): AbortSignal {
  // What is left of a larger budget may be a fraction, or less than nothing.
  const timeout = AbortSignal.timeout(Math.max(0, Math.floor(options.budgetMs)));
  return options.signal === undefined ? timeout : AbortSignal.any([timeout, options.signal]);
}
