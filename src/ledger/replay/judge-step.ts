import type { Bypass } from '#domain/bypass/chain';
import type { RecordedBypassEvent } from '../recorded-event.ts';
import { judgeActivation } from './judge-activation.ts';
import { judgeApproval } from './judge-approval.ts';
import { judgeClosed } from './judge-close.ts';
import {
  judgeAdopted,
  judgeAnnotated,
  judgeFinished,
  judgeReadBack,
  judgeReverted,
} from './judge-deploy.ts';
import { judgePostMortemCompleted, judgePostMortemOpened } from './judge-post-mortem.ts';
import { judgeProvenance } from './judge-provenance.ts';
import { judgeDenied, judgeEscalated, judgeLapsed, judgeWithdrawn } from './judge-request.ts';
import type { Moment } from './replayed-entry.ts';
import type { Broken } from './violation.ts';

/** The rules for one event of a bypass that is known: first its phase, then what the event says. */
export function judgeStep(event: RecordedBypassEvent, bypass: Bypass, moment: Moment): void {
  const { broken } = moment;
  switch (event.type) {
    case 'request.opened':
      broken.push({ code: 'bypass-repeated', bypass: event.bypass });
      return;
    case 'request.escalated':
      if (bypass.phase === 'waiting') judgeEscalated(event, bypass, moment);
      else outOfPlace(event, bypass, broken);
      return;
    case 'approval.given':
      if (bypass.phase === 'waiting') judgeApproval(event, bypass, moment);
      else outOfPlace(event, bypass, broken);
      return;
    case 'request.denied':
      if (bypass.phase === 'waiting') judgeDenied(event, bypass, moment);
      else outOfPlace(event, bypass, broken);
      return;
    case 'request.withdrawn':
      if (bypass.phase === 'waiting') judgeWithdrawn(event, bypass, moment);
      else outOfPlace(event, bypass, broken);
      return;
    case 'request.lapsed':
      if (bypass.phase === 'waiting') judgeLapsed(event, bypass, moment);
      else outOfPlace(event, bypass, broken);
      return;
    case 'bypass.activated':
      if (bypass.phase === 'waiting') judgeActivation(event, bypass, moment);
      else outOfPlace(event, bypass, broken);
      return;
    case 'bypass.closed':
      if (bypass.phase === 'active') judgeClosed(event, bypass, moment);
      else outOfPlace(event, bypass, broken);
      return;
    case 'deploy.annotated':
      judgeAnnotated(event, bypass, moment);
      return;
    case 'deploy.finished':
      if (bypass.phase === 'active' || bypass.phase === 'closed')
        judgeFinished(event, bypass, moment);
      else outOfPlace(event, bypass, broken);
      return;
    case 'deploy.adopted':
      if (bypass.phase === 'closed') judgeAdopted(event, bypass, moment);
      else outOfPlace(event, bypass, broken);
      return;
    case 'deploy.reverted':
      if (bypass.phase === 'closed') judgeReverted(event, bypass, moment);
      else outOfPlace(event, bypass, broken);
      return;
    case 'provenance.checked':
      if (bypass.phase === 'active' || bypass.phase === 'closed')
        judgeProvenance(event, bypass, moment);
      else outOfPlace(event, bypass, broken);
      return;
    case 'gate.read-back':
      if (bypass.phase === 'closed') judgeReadBack(event, bypass, moment);
      else outOfPlace(event, bypass, broken);
      return;
    case 'post-mortem.opened':
      judgePostMortemOpened(event, moment);
      return;
    case 'post-mortem.completed':
      judgePostMortemCompleted(event, moment);
  }
}

function outOfPlace(event: RecordedBypassEvent, { phase }: Bypass, broken: Broken): void {
  const again = event.type === 'bypass.activated' && (phase === 'active' || phase === 'closed');
  const code = again ? 'activated-twice' : 'entry-out-of-place';
  broken.push({ code, bypass: event.bypass, expected: phase, found: event.type });
}
