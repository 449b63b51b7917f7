import type { TenantId } from '#domain/ids';
import type { ScopeField } from '#domain/scope';
import type { CallerTokens } from '../ports/callers.ts';
import type { TokenStore } from '../ports/directory-store.ts';
import type { Ports } from '../ports/ports.ts';
import { tenantIdOf } from '../tenant/tenant-id.ts';
import { admitCaller } from './admit-caller.ts';
import type { AnswerReason } from './answer.ts';
import type { DecisionQuestion } from './question.ts';

export interface AskerPorts extends Pick<Ports, 'store'> {
  readonly tokens: TokenStore;
  /** Without it, nobody asks with a token of an issuer. */
  readonly callers?: CallerTokens;
}

/** Whose question it is, and what is known of its facts. */
export type Asker =
  | {
      readonly tenant: TenantId;
      readonly question: DecisionQuestion;
      readonly verified: ReadonlySet<ScopeField>;
    }
  | { readonly enforce: AnswerReason };

const NOTHING: ReadonlySet<ScopeField> = new Set();

/** Who asks; `null` for a token that is not good. Rejects where that cannot be found out now. */
export async function askerOf(
  ports: AskerPorts,
  token: string,
  question: DecisionQuestion,
): Promise<Asker | null> {
  const said = ports.callers?.read(token) ?? null;
  if (said !== null && ports.callers !== undefined)
    return byClaims({ ...ports, callers: ports.callers }, token, said, question);
  const scope = await ports.tokens.scopeOf(token);
  if (scope === null) return null;
  const mayAsk =
    scope.gate === question.gate && (scope.service === null || scope.service === question.service);
  if (!mayAsk) return { enforce: 'not-authorised' };
  return { tenant: scope.tenant, question, verified: NOTHING };
}

const AUDIENCE = /^breakglass\/([a-z0-9][a-z0-9-]{0,62})$/;

/** The audience names the tenant; that the token is good for it is seen with the tenant's own callers. */
async function byClaims(
  { store, callers: tokens }: AskerPorts & { readonly callers: CallerTokens },
  token: string,
  { issuer, audience }: { readonly issuer: string; readonly audience: string },
  question: DecisionQuestion,
): Promise<Asker | null> {
  const name = AUDIENCE.exec(audience)?.[1];
  if (name === undefined) return null;
  const tenant = tenantIdOf(name);
  const { policy, now } = await store.read(tenant, async (tx) => ({
    policy: await tx.currentPolicy(),
    now: await tx.now(),
  }));
  const callers = policy?.content.callers ?? [];
  // Nobody but an issuer that the policy names is ever asked for keys.
  if (!callers.some((one) => one.issuer === issuer)) return null;
  const claims = await tokens.verify(token, { issuer, audience, now });
  if (claims === null) return null;
  const admitted = admitCaller(callers, issuer, claims, question);
  return typeof admitted === 'string' ? { enforce: admitted } : { tenant, ...admitted };
}
