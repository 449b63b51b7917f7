import { isRefusal, refuse, type Refusal } from '../refusal.ts';
import { bypassIn, type Bypass, type Chain, type Waiting } from './chain.ts';
import type { Command } from './command.ts';
import type { Context } from './context.ts';
import { alreadyDecided } from './decide/already-decided.ts';
import { approve } from './decide/approve.ts';
import { close, expire, revoke } from './decide/close.ts';
import { annotate, finish, readBack, revertDeploy } from './decide/deploy.ts';
import { deny, escalate, lapse, withdraw } from './decide/end-request.ts';
import { open } from './decide/open.ts';
import { completePostMortem, settled } from './decide/post-mortem.ts';
import { checkProvenance } from './decide/provenance.ts';
import type { BypassEvent } from './event.ts';
import { evolve } from './evolve.ts';

/**
 * What a command makes happen: the events to append, at least one, or the reason why nothing
 * changes. Pure: the same state, command and context give the same answer, so a press can be
 * judged before it is signed and again when it is committed.
 *
 * @throws RangeError when the context lacks a policy version that the state names.
 */
export function decide(
  chain: Chain | null,
  command: Command,
  context: Context,
): readonly BypassEvent[] | Refusal {
  const outcome = answer(chain, command, context);
  if (isRefusal(outcome)) return outcome;
  const after = outcome.reduce<Chain | null>((state, event) => evolve(state, event), chain);
  const postMortem = after === null ? null : settled(after, context);
  return postMortem === null ? outcome : [...outcome, postMortem];
}

function answer(
  chain: Chain | null,
  command: Command,
  context: Context,
): readonly BypassEvent[] | Refusal {
  if (command.type === 'open') return open(chain, command, context);
  const bypass = bypassIn(chain, command.bypass);
  if (chain === null || bypass === undefined) return refuse({ code: 'unknown-bypass' });
  switch (command.type) {
    case 'approve':
      return bypass.phase === 'waiting'
        ? (refusedAsRevoked(chain, bypass) ?? approve(chain, bypass, command, context))
        : alreadyDecided(bypass);
    case 'deny':
      return bypass.phase === 'waiting'
        ? deny(chain, bypass, command, context)
        : alreadyDecided(bypass);
    case 'withdraw':
      return bypass.phase === 'waiting'
        ? withdraw(chain, bypass, command.by, context)
        : alreadyDecided(bypass);
    case 'lapse':
      return bypass.phase === 'waiting' ? lapse(chain, bypass, context) : alreadyDecided(bypass);
    case 'escalate':
      return bypass.phase === 'waiting' ? escalate(chain, bypass, context) : alreadyDecided(bypass);
    case 'expire':
      return bypass.phase === 'active' ? expire(chain, bypass, context) : notActive(bypass);
    case 'close':
      return bypass.phase === 'active'
        ? close(chain, bypass, command.by, context)
        : notActive(bypass);
    case 'revoke':
      return bypass.phase === 'active'
        ? revoke(chain, bypass, command, context)
        : notActive(bypass);
    case 'annotate-deploy':
      return bypass.phase === 'active'
        ? annotate(chain, bypass, command, context)
        : notActive(bypass);
    case 'finish-deploy':
      return bypass.phase === 'active' || bypass.phase === 'closed'
        ? finish(chain, bypass, command, context)
        : notActive(bypass);
    case 'revert-deploy':
      return bypass.phase === 'closed'
        ? revertDeploy(chain, bypass, command, context)
        : refuse({ code: 'nothing-changed' });
    case 'check-provenance':
      return bypass.phase === 'active' || bypass.phase === 'closed'
        ? checkProvenance(chain, bypass, command, context)
        : notActive(bypass);
    case 'read-back':
      return bypass.phase === 'closed'
        ? readBack(chain, bypass, command, context)
        : refuse({ code: 'nothing-changed' });
    case 'complete-post-mortem':
      return completePostMortem(chain, command, context);
  }
}

/** "Stop now" holds for what would go on where it stopped: an extension ends with a revoked bypass. */
function refusedAsRevoked(chain: Chain, { request }: Waiting): Refusal | null {
  const parent = request.extends === null ? undefined : bypassIn(chain, request.extends);
  return parent?.phase === 'closed' && parent.how === 'revoked' ? alreadyDecided(parent) : null;
}

function notActive(bypass: Bypass): Refusal {
  return bypass.phase === 'waiting'
    ? refuse({ code: 'not-active', phase: bypass.phase })
    : alreadyDecided(bypass);
}
