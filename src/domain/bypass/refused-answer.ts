import type { BypassId, PersonId } from '../ids.ts';
import { refuse, type Refusal } from '../refusal.ts';
import { bypassIn, type Chain } from './chain.ts';
import type { Context } from './context.ts';
import { alreadyDecided } from './decide/already-decided.ts';
import { refusedApprover } from './decide/approve.ts';
import { versionsOf } from './decide/judged.ts';

/**
 * Why an approval of this person would not count, whatever its terms; `null` if it would. For what
 * approvers do before they decide: it changes no state, so it is no command.
 *
 * @throws RangeError when the context lacks a policy version that the state names.
 */
export function refusedAnswer(
  chain: Chain | null,
  about: BypassId,
  by: PersonId,
  context: Context,
): Refusal | null {
  const bypass = bypassIn(chain, about);
  if (bypass === undefined || context.requestDigest === null)
    return refuse({ code: 'unknown-bypass' });
  if (bypass.phase !== 'waiting') return alreadyDecided(bypass);
  const { request } = bypass;
  const pressed = { by, request: context.requestDigest, pressedAt: context.now };
  return refusedApprover(request, pressed, versionsOf(request, context), context);
}
