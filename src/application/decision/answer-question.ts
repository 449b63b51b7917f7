import type { TenantId } from '#domain/ids';
import type { Instant } from '#domain/instant';
import type { FirstLook } from '../ports/first-looks.ts';
import type { Ports } from '../ports/ports.ts';
import { annotations, type Annotations } from './annotate-deploys.ts';
import type { DecisionAnswer } from './answer.ts';
import type { AskedBy } from './asked-by.ts';
import { factsOf } from './asked-deploy.ts';
import { endDeploy, endHeld } from './deploy-ends.ts';
import { enforce } from './enforce.ts';
import { judgeFacts, judgeSight, type Judged, type Verified } from './judge-sight.ts';
import type { DecisionQuestion } from './question.ts';

type Ask = Pick<Ports, 'store' | 'keys' | 'newSalt' | 'newId'>;

/** Who asks, and what is known of what they say. */
export interface AskingAs {
  readonly by: AskedBy;
  /** Whether the deploy itself hears the answer. One that runs and does not hear is not stopped by it. */
  readonly isTold: boolean;
  /** What a signed claim vouches for; the rest is only claimed. */
  readonly verified: Verified;
  /** What was read with the token. It can enforce; what it would let through is judged again. */
  readonly first?: FirstLook;
}

/** Answers within one tenant. `bypass` only once its annotation is committed. */
export type Answering = (
  tenant: TenantId,
  question: DecisionQuestion,
  as: AskingAs,
) => Promise<DecisionAnswer>;

export function answering(ports: Ask): Answering {
  const annotate = annotations(ports);
  return (tenant, question, as) =>
    question.phase === 'finish'
      ? finished(ports, tenant, question, as.by)
      : answerTo(ports, annotate, tenant, question, as);
}

/** The end of a deploy is never a permission. */
async function finished(
  ports: Ask,
  tenant: TenantId,
  question: DecisionQuestion,
  by: AskedBy,
): Promise<DecisionAnswer> {
  const reason = await endDeploy(ports, tenant, question, by);
  return enforce(ports, await now(ports, tenant), reason);
}

const now = ({ store }: Ask, tenant: TenantId): Promise<Instant> =>
  store.read(tenant, (tx) => tx.now());

async function answerTo(
  ports: Ask,
  annotate: Annotations,
  tenant: TenantId,
  question: DecisionQuestion,
  as: AskingAs,
): Promise<DecisionAnswer> {
  const { by, verified, isTold, first } = as;
  const judged =
    first === undefined
      ? await judge(ports, tenant, question, verified)
      : judgeSight(first.sight, factsOf(question), verified);
  const answer =
    judged.decision.decision === 'bypass'
      ? await annotate(tenant, { question, by, verified })
      : enforce(ports, judged.now, judged.decision.reason);
  if (answer.decision === 'bypass' || !isTold) return answer;
  // What was not pending when the answer was judged has nothing that the answer could end. One that
  // was let through then has been judged anew since.
  if (first?.isPending !== false || judged.decision.decision === 'bypass')
    await endHeld(ports, tenant, question, by);
  return answer;
}

const judge = (
  { store }: Ask,
  tenant: TenantId,
  question: DecisionQuestion,
  verified: Verified,
): Promise<Judged> => store.read(tenant, (tx) => judgeFacts(tx, factsOf(question), verified));
