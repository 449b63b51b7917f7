import type { Instant } from '#domain/instant';
import type { Decisions, DecisionSigner } from '../ports/decisions.ts';
import type { TokenScope, TokenStore } from '../ports/directory-store.ts';
import type { Ports } from '../ports/ports.ts';
import { answerQuestion, deployKey } from './answer-question.ts';
import type { DecisionAnswer, DecisionClaims } from './answer.ts';
import type { DecisionQuestion } from './question.ts';

const LONGEST_CLAIM_S = 30;

export interface DecisionPorts extends Pick<Ports, 'store' | 'keys' | 'newSalt' | 'newId'> {
  readonly tokens: TokenStore;
  readonly signer: DecisionSigner;
  /** Told of what went wrong behind an `enforce`. */
  onError(error: unknown): void;
  /** The process's clock, for answers that the database could not give. Decides nothing. */
  clock(): Instant;
}

/** The decision API's use case: who asks, what may pass, and the signed answer. */
export function decisions(ports: DecisionPorts): Decisions {
  return {
    async answer(token, question) {
      const scope = await scopeOf(ports, token);
      if (scope === null) return { notAuthenticated: true };
      const answer =
        scope === 'unavailable' ? unavailable(ports) : await answerIn(ports, scope, question);
      return { answer, jws: await ports.signer.sign(claimsOf(answer, question)) };
    },
  };
}

async function scopeOf(ports: DecisionPorts, token: string) {
  try {
    return await ports.tokens.scopeOf(token);
  } catch (error) {
    ports.onError(error);
    return 'unavailable';
  }
}

async function answerIn(
  ports: DecisionPorts,
  scope: TokenScope,
  question: DecisionQuestion,
): Promise<DecisionAnswer> {
  const mayAsk =
    scope.gate === question.gate && (scope.service === null || scope.service === question.service);
  if (!mayAsk) return { ...unavailable(ports), reason: 'not-authorised' };
  try {
    return await answerQuestion(ports, scope.tenant, question);
  } catch (error) {
    // A commit that failed or whose outcome is unknown: the deploy is not let through.
    ports.onError(error);
    return unavailable(ports);
  }
}

function unavailable(ports: DecisionPorts): DecisionAnswer {
  return {
    decision: 'enforce',
    decisionId: ports.newId(),
    bypassEntryId: null,
    reason: 'unavailable',
    expiresAt: null,
    serverTime: ports.clock(),
    recheckAfterS: null,
    inFlight: null,
  };
}

function claimsOf(answer: DecisionAnswer, question: DecisionQuestion): DecisionClaims {
  const iat = Math.floor(answer.serverTime / 1_000);
  const end = answer.expiresAt === null ? Infinity : Math.floor(answer.expiresAt / 1_000);
  return {
    aud: question.gate,
    jti: answer.decisionId,
    nonce: question.nonce,
    decision: answer.decision,
    deploy: deployKey(question),
    entry: answer.bypassEntryId,
    commit: question.commit ?? null,
    artifact: question.artifact?.digest ?? null,
    inFlight: answer.inFlight,
    iat,
    exp: Math.min(end, iat + LONGEST_CLAIM_S),
  };
}
