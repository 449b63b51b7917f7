import { decisions } from '#application/decision/decisions';
import type { DecisionAnswer } from '#application/decision/answer';
import type { CallerTokens } from '#application/ports/callers';
import type { Decisions } from '#application/ports/decisions';
import type { DecisionQuestion } from '#application/decision/question';
import { createDecisionSigner } from '#http/decision-signer';
import { generateDecisionKey } from '#http/decision-key';
import { verifyDecision, type VerifiedOrRefused } from '#http/verify-decision';
import type { Replica } from './replica.ts';
import type { TestTenant } from './test-tenant.ts';

const { privateJwk, keyId } = await generateDecisionKey();
const signer = createDecisionSigner({
  keys: () => [{ privateJwk, keyId }],
  issuer: 'https://breakglass.example',
});

/** A deploy of checkout in production, first attempt, unless told otherwise. */
export function question(has: Partial<DecisionQuestion> = {}): DecisionQuestion {
  return {
    gate: 'image-policy',
    service: 'checkout',
    environment: 'production',
    deploy: { id: 'run-1', attempt: 1 },
    phase: 'start',
    nonce: 'n-0123456789',
    ...has,
  };
}

export interface DecisionClient {
  /** What answers, for whoever asks another way. */
  readonly api: Decisions;
  readonly token: string;
  /** Asks with the tenant's token; a signature is checked before the answer is given, and missed where it must be. */
  ask(has?: Partial<DecisionQuestion>, token?: string): Promise<DecisionAnswer>;
  /** Whether the token is known at all. */
  isKnown(token: string): Promise<boolean>;
  /** What the signed answer says, as a client would check it at `now`. */
  verified(has: Partial<DecisionQuestion>, now: number): Promise<VerifiedOrRefused>;
  /** What went wrong behind an `enforce`. */
  readonly errors: unknown[];
}

/** What may be said without a signature. */
function unsigned(answer: DecisionAnswer, has: Partial<DecisionQuestion>): DecisionAnswer {
  const { phase, signed } = question(has);
  if (answer.decision === 'enforce' && phase === 'start' && signed === undefined) return answer;
  throw new RangeError('an answer that must be signed is not');
}

class NotAuthenticated extends Error {
  override name = 'NotAuthenticated';
}

export interface ClientOptions {
  readonly gate?: string;
  readonly service?: string | null;
  /** How far the replica's own clock is off. */
  readonly skewMs?: number;
  /** What verifies the tokens of issuers; nobody's are known unless given. */
  readonly callers?: CallerTokens;
}

/** A CI job that asks a replica, with a token for `gate` made for this tenant. */
export async function decisionClient(
  { ports, stores }: Pick<Replica, 'ports' | 'stores'>,
  tenant: Pick<TestTenant, 'id'>,
  { gate = 'image-policy', service = null, skewMs = 0, callers }: ClientOptions = {},
): Promise<DecisionClient> {
  const errors: unknown[] = [];
  const own = await stores.tokens.create(tenant.id, { name: 'ci', gate, service });
  const api = decisions({
    ...ports,
    firstLooks: stores.firstLooks,
    ...(callers === undefined ? {} : { callers }),
    signer,
    onError: (error) => void errors.push(error),
    clock: () => Date.now() + skewMs,
  });
  const asked = async (has: Partial<DecisionQuestion>, token: string) => {
    const result = await api.answer(token, question(has));
    if ('notAuthenticated' in result) throw new NotAuthenticated();
    return result;
  };
  const expectation = (has: Partial<DecisionQuestion>, now: number) => {
    const { gate: aud, nonce, deploy } = question(has);
    return { aud, nonce, deploy: `${deploy.id}#${deploy.attempt}`, now };
  };
  return {
    api,
    token: own,
    errors,
    async ask(has = {}, token = own) {
      const { answer, jws } = await asked(has, token);
      if (jws === null) return unsigned(answer, has);
      const now = answer.serverTime;
      const checked = await verifyDecision(jws, signer.jwks(), expectation(has, now));
      // An answer with less than a second to live is expired for a client at once.
      const expired = !checked.ok && checked.refusal === 'expired';
      if (!expired && (!checked.ok || checked.decision.decision !== answer.decision))
        throw new RangeError(`the signed answer is another: ${JSON.stringify(checked)}`);
      return answer;
    },
    isKnown: async (token) => !('notAuthenticated' in (await api.answer(token, question()))),
    async verified(has, now) {
      const { jws } = await asked({ signed: 'always', ...has }, own);
      return verifyDecision(jws ?? '', signer.jwks(), expectation(has, now));
    },
  };
}
