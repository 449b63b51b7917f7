import type { DecisionAnswer, DecisionClaims } from '../decision/answer.ts';
import type { DecisionQuestion } from '../decision/question.ts';
import type { TokenFault } from './callers.ts';

/** A token nobody issued, or one that was withdrawn. */
export interface NotAuthenticated {
  readonly notAuthenticated: true;
  /** Of a token that is one of an issuer. */
  readonly fault?: TokenFault;
}

/** An answer, and how it is signed. */
export interface GivenAnswer {
  readonly answer: DecisionAnswer;
  /** `null` for an `enforce` at the start of a deploy, unless the question asks for it. */
  readonly jws: string | null;
}

export interface Decisions {
  /**
   * Answers one question; never throws for what can go wrong with the question or the database:
   * then the answer is `enforce`. A bypass is answered only after its annotation is committed.
   *
   * @param token the bearer token as sent.
   */
  answer(token: string, question: DecisionQuestion): Promise<GivenAnswer | NotAuthenticated>;
}

/** Signs answers as a compact EdDSA JWS (RFC 7515, RFC 8037). */
export interface DecisionSigner {
  sign(claims: DecisionClaims): Promise<string>;
}
