import type { TokenFault } from '#application/ports/callers';
import { methodNotAllowed, problem, tooManyRequests, unauthorised } from './problem.ts';
import type { Mistake } from './question-mistakes.ts';

// Every answer but a decision says what a client must do with it, for those that read no status.
export const ENFORCE = { decision: 'enforce' } as const;

/** How one way to ask wants its tokens. */
export interface AskedWith {
  /** What to send instead of a token that is missing. */
  readonly getAToken: string;
  /** `WWW-Authenticate`, for no token and for one that is no good. */
  readonly challenges: { readonly missing: string; readonly invalid: string };
}

/**
 * What is wrong with a token of an issuer. It comes from the token alone, so that nobody learns what
 * the policy of a tenant says by trying; who wires a caller finds there what to compare.
 */
const FAULTS: Readonly<Record<TokenFault, string>> = {
  audience:
    'Its audience must be `breakglass/<tenant>`, and no other beside it. Have the job ask for a token with that audience.',
  algorithm: 'It must be signed by RS256 or ES256, with a key that its issuer publishes.',
  'not-verified':
    'It does not verify for the tenant that its audience names. Compare its `iss` letter by letter with `issuer` of a caller in the policy, which must be in force; then see that the issuer publishes the key that signed it.',
  outdated: 'It has expired, or is not valid yet. Have the job ask for a new one.',
};

/** The refusals that every way to ask has, in words. Each means `enforce`. */
export function askingProblems({ getAToken, challenges: { missing, invalid } }: AskedWith) {
  return {
    // A GET would annotate: crawlers, previews and probes send those.
    method: () => methodNotAllowed('POST', ENFORCE),
    noToken: () => unauthorised('No token was sent', getAToken, missing, ENFORCE),
    unknownToken: (fault?: TokenFault) =>
      unauthorised(
        'This token is not known',
        fault === undefined
          ? `It was never made here, has expired or was withdrawn. ${getAToken}`
          : FAULTS[fault],
        invalid,
        ENFORCE,
      ),
    tooOften: (waitMs: number) =>
      tooManyRequests('This token or this address asks too often', waitMs, ENFORCE),
    tooLarge: (maxBytes: number) =>
      problem({
        status: 413,
        title: 'The question is too large',
        detail: `Send at most ${maxBytes} bytes.`,
        // The rest of the body is not read, so the connection cannot carry another question.
        headers: { connection: 'close' },
        members: ENFORCE,
      }),
    mistakes: (mistakes: readonly Mistake[]) =>
      problem({
        status: 400,
        title: 'The question has mistakes',
        detail: 'Mend what `mistakes` lists, then ask again.',
        members: { ...ENFORCE, mistakes },
      }),
    unavailable: () =>
      problem({
        status: 503,
        title: 'No decision could be made in time',
        detail: 'The gate enforces. Ask again; if it goes on, tell those who run this service.',
        headers: { 'retry-after': '1' },
        members: { ...ENFORCE, reason: 'unavailable' },
      }),
  };
}
