import type {
  AttestationState,
  LoggedStatement,
  SignedStatement,
  TimestampedStatement,
} from './attestation-state.ts';
import { toBundle } from './bundle.ts';
import type { AttestedBundle } from './bundle.ts';
import { logSignedDigest } from './log-signed-digest.ts';
import { logStatement } from './log-statement.ts';
import { obtainCertificate } from './obtain-certificate.ts';
import { signStatement } from './sign-statement.ts';
import { SigningRefused } from './signing-errors.ts';
import { unguarded } from './stage-guard.ts';
import type { StageGuard } from './stage-guard.ts';
import { timestampSignature } from './timestamp-signature.ts';

export interface SigningServices {
  readonly fulcioUrl: string;
  /** Left out: the log's promise is the time of the signature, so it must be a Rekor v1. */
  readonly tsaUrl?: string;
  /** Left out: the bundle has no log entry, and verifiers must not ask for one. */
  readonly rekorUrl?: string;
  /** 1 unless given. */
  readonly rekorVersion?: RekorVersion;
}

export type RekorVersion = 1 | 2;

export interface AttestOptions {
  /** The in-toto statement, as it will be kept: not a byte of it is changed. */
  readonly statementBytes: Uint8Array;
  /**
   * An OpenID Connect token for the audience that Fulcio expects. Fresh: it is good for one try. As
   * a function it is asked for only if a certificate is still to be had.
   */
  readonly identityToken: string | (() => Promise<string>);
  readonly services: SigningServices;
  /** For all stages together; nothing left means that nothing is asked. */
  readonly budgetMs: number;
  /** Ends the work early; counts as the budget being used up. */
  readonly signal?: AbortSignal;
  readonly guard?: StageGuard;
  /** Goes on from what an earlier try over the same statement reached. */
  readonly from?: AttestationState;
  /** Told of each stage as it is reached, before the next service is asked. Must not throw. */
  readonly onStage?: (state: AttestationState) => void;
}

/**
 * Signs a statement through Sigstore within a budget: certificate, signature, timestamp, log entry.
 * Nothing is tried twice: a retry goes on from the last stage, or needs a fresh token.
 * Throws `SignerUnavailable` if a service does not answer or time is up, `SigningRefused` if one
 * says no; a signature that got no further is inert.
 */
export async function attest(options: AttestOptions): Promise<AttestedBundle> {
  const { services, guard = unguarded, onStage = () => {} } = options;
  const signal = budgetSignal(options);
  const begun = options.from ?? (await signed(options, guard, signal, onStage));
  return toBundle(await witness(begun, services, signal, { guard, onStage }));
}

async function signed(
  { identityToken, services, statementBytes }: AttestOptions,
  guard: StageGuard,
  signal: AbortSignal,
  onStage: (state: AttestationState) => void,
): Promise<SignedStatement> {
  const statement = await guard('fulcio', statementBytes, signal, async (within) => {
    const token = typeof identityToken === 'string' ? identityToken : await identityToken();
    const key = await obtainCertificate(token, services.fulcioUrl, within);
    return signStatement(statementBytes, key);
  });
  onStage(statement);
  return statement;
}

/** Runs the stages that `statement` still lacks: from a stored state, this resumes. */
export async function witness(
  statement: AttestationState,
  { tsaUrl, rekorUrl, rekorVersion = 1 }: Omit<SigningServices, 'fulcioUrl'>,
  signal: AbortSignal,
  { guard = unguarded, onStage = () => {} }: Pick<AttestOptions, 'guard' | 'onStage'> = {},
): Promise<TimestampedStatement | LoggedStatement> {
  let state = statement;
  const payload = Buffer.from(statement.payload, 'base64');
  // The timestamp is urgent, as it must fall within the certificate's ten minutes; the log is not.
  if (state.stage === 'signed' && tsaUrl !== undefined) {
    const unstamped = state;
    state = await guard('tsa', payload, signal, (within) =>
      timestampSignature(unstamped, tsaUrl, within),
    );
    onStage(state);
  }
  if (state.stage !== 'logged' && rekorUrl !== undefined) {
    const unlogged = state;
    state = await guard('rekor', payload, signal, (within) =>
      logged(unlogged, rekorUrl, rekorVersion, within),
    );
    onStage(state);
  }
  return timed(state);
}

async function logged(
  state: SignedStatement | TimestampedStatement,
  rekorUrl: string,
  version: RekorVersion,
  signal: AbortSignal,
): Promise<LoggedStatement> {
  if (version === 1) return logStatement(state, rekorUrl, signal);
  return logSignedDigest(stamped(state), rekorUrl, signal);
}

/** Without a time from a trusted witness nobody could tell that the certificate was valid. */
function timed(state: AttestationState): TimestampedStatement | LoggedStatement {
  if (state.stage !== 'logged') return stamped(state);
  if (state.timestamp === undefined && state.logEntry.inclusionPromise === undefined)
    throw new SigningRefused('entry-refused', 'neither timestamp nor promise');
  return state;
}

function stamped(state: SignedStatement | TimestampedStatement): TimestampedStatement {
  if (state.stage === 'timestamped') return state;
  throw new TypeError('signing needs a timestamp authority, or a log that promises a time');
}

/** A signal that fires when `budgetMs` have passed or the caller gives up. */
export function budgetSignal(options: Pick<AttestOptions, 'budgetMs' | 'signal'>): AbortSignal {
  // What is left of a larger budget may be a fraction, or less than nothing.
  const timeout = AbortSignal.timeout(Math.max(0, Math.floor(options.budgetMs)));
  return options.signal === undefined ? timeout : AbortSignal.any([timeout, options.signal]);
}
