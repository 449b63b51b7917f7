import { z } from 'zod';
import type { BypassId } from '#domain/ids';
import type { DeployFacts } from '#domain/scope';
import type { OpaClient } from './opa-client.ts';
import { OpaFailure } from './opa-failure.ts';

const Decided = z.union([
  z.object({ decision: z.literal('enforce') }),
  z.object({ decision: z.literal('bypass'), bypass: z.string() }),
]);
/** Of `breakglass.rego` itself; of a policy that carries its answer along; of one that says yes or no. */
const Decision = z.union([Decided, z.object({ breakglass: Decided }), z.boolean()]);

/**
 * Asks one OPA as a deploy with these facts would. Another bypass that covers the same is no failure
 * of this one's end; a bare `true` names none, and counts as open.
 * @throws OpaFailure, also where the decision is undefined: then the policy is not there.
 */
export async function enforcesAt(
  client: OpaClient,
  path: readonly string[],
  asked: DeployFacts & { readonly deploy: string },
  ended: BypassId,
): Promise<boolean> {
  const parsed = Decision.safeParse(await client.decide(path, asked));
  if (!parsed.success)
    throw new OpaFailure('strange-answer', `${client.host} decides nothing at ${path.join('/')}`);
  if (typeof parsed.data === 'boolean') return !parsed.data;
  const decided = 'breakglass' in parsed.data ? parsed.data.breakglass : parsed.data;
  return decided.decision === 'enforce' || decided.bypass !== ended;
}
