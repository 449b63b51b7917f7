import type { TenantId } from '#domain/ids';
import type { Instant } from '#domain/instant';
import type { Decisions, DecisionSigner } from '../ports/decisions.ts';
import type { Ports } from '../ports/ports.ts';
import { answering, type Answering } from './answer-question.ts';
import { deployKey } from './asked-deploy.ts';
import type { DecisionAnswer, DecisionClaims } from './answer.ts';
import { askerOf, type Asker, type AskerPorts } from './asker.ts';
import type { DecisionQuestion } from './question.ts';

const LONGEST_CLAIM_S = 30;

export interface DecisionPorts
  extends AskerPorts, Pick<Ports, 'store' | 'keys' | 'newSalt' | 'newId'> {
  readonly signer: DecisionSigner;
  /** Told of what went wrong behind an `enforce`, and for whom where that was known. */
  onError(error: unknown, tenant?: TenantId): void;
  /** The process's clock, for answers that the database could not give. Decides nothing. */
  clock(): Instant;
}

/** The decision API's use case: who asks, what may pass, and the answer, signed where that tells more. */
export function decisions(ports: DecisionPorts): Decisions {
  const answerQuestion = answering(ports);
  return {
    async answer(token, question) {
      const asker = await knownAsker(ports, token, question);
      if ('unknown' in asker)
        return {
          notAuthenticated: true,
          ...(asker.unknown === null ? {} : { fault: asker.unknown }),
        };
      const answer = await answerTo(ports, answerQuestion, asker);
      const asked = 'question' in asker ? asker.question : question;
      const jws = isSigned(answer, asked) ? await ports.signer.sign(claimsOf(answer, asked)) : null;
      return { answer, jws };
    },
  };
}

/**
 * Whether anybody could act on the signature. A client that begins enforces whatever it hears but a signed
 * `bypass`, so an `enforce` says no more to it than silence does. One that runs bears silence for as long
 * as its lease lasts, and is stopped by an `enforce`: that one must be ours.
 */
const isSigned = ({ decision }: DecisionAnswer, { phase, signed }: DecisionQuestion): boolean =>
  decision === 'bypass' || phase !== 'start' || signed === 'always';

async function knownAsker(
  ports: DecisionPorts,
  token: string,
  question: DecisionQuestion,
): Promise<Asker> {
  try {
    return await askerOf(ports, token, question);
  } catch (error) {
    ports.onError(error);
    return { enforce: 'unavailable' };
  }
}

async function answerTo(
  ports: DecisionPorts,
  answerQuestion: Answering,
  asker: Exclude<Asker, { readonly unknown: unknown }>,
): Promise<DecisionAnswer> {
  if ('enforce' in asker) {
    const { enforce: reason, notAdmitted } = asker;
    return { ...unavailable(ports), reason, ...(notAdmitted === undefined ? {} : { notAdmitted }) };
  }
  try {
    return await answerQuestion(asker.tenant, asker.question, { ...asker, isTold: true });
  } catch (error) {
    // A commit that failed or whose outcome is unknown: the deploy is not let through.
    ports.onError(error, asker.tenant);
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
