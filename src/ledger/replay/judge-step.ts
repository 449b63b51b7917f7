import type { Bypass } from '#domain/bypass/chain';
import type { RecordedBypassEvent } from '../recorded-event.ts';
import { judgeActivation } from './judge-activation.ts';
import { judgeApproval } from './judge-approval.ts';
import { judgeClosed } from './judge-close.ts';
import { judgeAdopted, judgeAnnotated, judgeFinished, judgeReverted } from './judge-deploy.ts';
import { judgePostMortemCompleted, judgePostMortemOpened } from './judge-post-mortem.ts';
import { judgeDenied, judgeEscalated, judgeLapsed, judgeWithdrawn } from './judge-request.ts';
import type { Moment } from './replayed-entry.ts';
import type { Violation } from './violation.ts';

/** The rules for one event of a bypass that is known: first its phase, then what the event says. */
export function judgeStep(moment: Moment, bypass: Bypass): readonly Violation[] {
  const { event } = moment;
  switch (event.type) {
    case 'request.opened':
      return [{ code: 'bypass-repeated', bypass: event.bypass }];
    case 'request.escalated':
      return bypass.phase === 'waiting'
        ? judgeEscalated({ ...moment, event }, bypass)
        : outOfPlace(event, bypass);
    case 'approval.given':
      return bypass.phase === 'waiting'
        ? judgeApproval({ ...moment, event }, bypass)
        : outOfPlace(event, bypass);
    case 'request.denied':
      return bypass.phase === 'waiting'
        ? judgeDenied({ ...moment, event }, bypass)
        : outOfPlace(event, bypass);
    case 'request.withdrawn':
      return bypass.phase === 'waiting'
        ? judgeWithdrawn({ ...moment, event }, bypass)
        : outOfPlace(event, bypass);
    case 'request.lapsed':
      return bypass.phase === 'waiting'
        ? judgeLapsed({ ...moment, event }, bypass)
        : outOfPlace(event, bypass);
    case 'bypass.activated':
      return bypass.phase === 'waiting'
        ? judgeActivation({ ...moment, event }, bypass)
        : outOfPlace(event, bypass);
    case 'bypass.closed':
      return bypass.phase === 'active'
        ? judgeClosed({ ...moment, event }, bypass)
        : outOfPlace(event, bypass);
    case 'deploy.annotated':
      return judgeAnnotated({ ...moment, event }, bypass);
    case 'deploy.finished':
      return bypass.phase === 'active' || bypass.phase === 'closed'
        ? judgeFinished({ ...moment, event }, bypass)
        : outOfPlace(event, bypass);
    case 'deploy.adopted':
      return bypass.phase === 'closed'
        ? judgeAdopted({ ...moment, event }, bypass)
        : outOfPlace(event, bypass);
    case 'deploy.reverted':
      return bypass.phase === 'closed'
        ? judgeReverted({ ...moment, event }, bypass)
        : outOfPlace(event, bypass);
    case 'gate.read-back':
      return bypass.phase === 'closed' ? [] : outOfPlace(event, bypass);
    case 'post-mortem.opened':
      return judgePostMortemOpened({ ...moment, event });
    case 'post-mortem.completed':
      return judgePostMortemCompleted({ ...moment, event });
  }
}

function outOfPlace(event: RecordedBypassEvent, { phase }: Bypass): readonly Violation[] {
  const again = event.type === 'bypass.activated' && (phase === 'active' || phase === 'closed');
  const code = again ? 'activated-twice' : 'entry-out-of-place';
  return [{ code, bypass: event.bypass, expected: phase, found: event.type }];
}
