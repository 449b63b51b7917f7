import type { TenantId } from '#domain/ids';
import type { ScopeField } from '#domain/scope';
import type { CallerTokens, TokenFault, UnverifiedToken } from '../ports/callers.ts';
import type { FirstLook, FirstLooks } from '../ports/first-looks.ts';
import type { Ports } from '../ports/ports.ts';
import { tenantIdOf } from '../tenant/tenant-id.ts';
import { admitCaller } from './admit-caller.ts';
import type { AnswerReason } from './answer.ts';
import type { AskedBy } from './asked-by.ts';
import { deployKey } from './asked-deploy.ts';
import type { NotAdmitted } from './not-admitted.ts';
import type { DecisionQuestion } from './question.ts';

export interface AskerPorts extends Pick<Ports, 'store'> {
  readonly firstLooks: FirstLooks;
  /** Without it, nobody asks with a token of an issuer. */
  readonly callers?: CallerTokens;
}

/** Whose question it is, and what is known of its facts. */
export type Asker =
  | {
      readonly tenant: TenantId;
      readonly question: DecisionQuestion;
      readonly by: AskedBy;
      readonly verified: ReadonlySet<ScopeField>;
      /** What was seen with the token. */
      readonly first?: FirstLook;
    }
  | { readonly enforce: AnswerReason; readonly notAdmitted?: NotAdmitted }
  /** The token is not good; without a fault it is none of an issuer. */
  | { readonly unknown: TokenFault | null };

const NOTHING: ReadonlySet<ScopeField> = new Set();

/** Who asks. Rejects where that cannot be found out now. */
export async function askerOf(
  ports: AskerPorts,
  token: string,
  question: DecisionQuestion,
): Promise<Asker> {
  const said = ports.callers?.read(token) ?? null;
  if (said !== null && ports.callers !== undefined)
    return 'fault' in said
      ? { unknown: said.fault }
      : byClaims({ ...ports, callers: ports.callers }, token, said, question);
  const first = await ports.firstLooks.of(token, question.gate, deployKey(question));
  if (first === null) return { unknown: null };
  const { tenant, gate, service, lineage } = first.token;
  const mayAsk = gate === question.gate && (service === null || service === question.service);
  if (!mayAsk) return { enforce: 'not-authorised' };
  return { tenant, question, by: `token:${lineage}`, verified: NOTHING, first };
}

const AUDIENCE = /^breakglass\/([a-z0-9][a-z0-9-]{0,62})$/;

/** The audience names the tenant; that the token is good for it is seen with the tenant's own callers. */
async function byClaims(
  { store, callers: tokens }: AskerPorts & { readonly callers: CallerTokens },
  token: string,
  { issuer, audience }: UnverifiedToken,
  question: DecisionQuestion,
): Promise<Asker> {
  const name = AUDIENCE.exec(audience)?.[1];
  if (name === undefined) return { unknown: 'audience' };
  const tenant = tenantIdOf(name);
  const { policy, now } = await store.read(tenant, async (tx) => ({
    policy: await tx.currentPolicy(),
    now: await tx.now(),
  }));
  const callers = policy?.content.callers ?? [];
  // Nobody but an issuer that the policy names is ever asked for keys; that it does not name this one,
  // or that there is no such tenant, is told as a wrong signature is.
  if (!callers.some((one) => one.issuer === issuer)) return { unknown: 'not-verified' };
  const verified = await tokens.verify(token, { issuer, audience, now });
  if ('fault' in verified) return { unknown: verified.fault };
  const admitted = admitCaller(callers, issuer, verified.claims, question);
  if (!('what' in admitted)) return { tenant, ...admitted };
  const enforce = admitted.what === 'differs' ? 'facts-differ' : 'not-authorised';
  return { enforce, notAdmitted: admitted };
}
