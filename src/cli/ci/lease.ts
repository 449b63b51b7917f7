import { setTimeout as sleep } from 'node:timers/promises';
import { askGate, type AskedService, type Heard } from './ask.ts';
import type { AskedDeploy } from './asked-deploy.ts';
import type { Say } from './say.ts';
import { words } from './words.ts';

/** The service counts a deploy as alive for so long after it last asked. */
const LEASE_MS = 90_000;
const AGAIN_MS = 2_000;

export interface Lost {
  readonly reason: string;
  readonly action: 'hold' | 'cancel' | 'rollback';
}

export interface Lease {
  /** Asks in time until the bypass has ended; `null` if the deploy ended first. */
  lost(): Promise<Lost | null>;
  /** Asks once whether a bypass covers the deploy again. */
  regained(): Promise<boolean>;
}

interface Leased {
  readonly asked: AskedDeploy;
  readonly service: AskedService;
  readonly say: Say;
}

/**
 * The bypass of a deploy that runs. Silence of the service is borne as long as the deploy's lease
 * there lasts, and past the end of the bypass only for the one question that finds out whether
 * another covers it; both by a clock that nobody sets. Then it counts as ended.
 */
export function heldLease(
  { asked, service, say }: Leased,
  first: Heard,
  ended: AbortSignal,
): Lease {
  let last = first;
  let lastAtMs = performance.now();
  const hear = async (): Promise<Heard> => {
    const from = performance.now();
    const heard = await askGate(service, asked, 'recheck');
    if (heard.decision === 'bypass') [last, lastAtMs] = [heard, from];
    return heard;
  };
  const endsAtMs = (): number => lastAtMs + Math.min(LEASE_MS, last.leftMs ?? 0);
  const action = (): Lost['action'] => last.inFlight ?? 'hold';
  return {
    async lost() {
      let waitMs = (last.recheckAfterS ?? 1) * 1_000;
      let told = false;
      for (;;) {
        await sleep(waitMs, undefined, { signal: ended }).catch(() => {
          // The deploy ended, which is looked at next.
        });
        if (ended.aborted) return null;
        const heard = await hear();
        if (ended.aborted) return null;
        if (heard.decision !== 'bypass' && heard.answered)
          return { reason: heard.reason, action: action() };
        if (heard.decision !== 'bypass' && performance.now() >= endsAtMs())
          return { reason: heard.reason, action: action() };
        if (!heard.answered && !told) say(words.silent(heard.reason));
        told = !heard.answered;
        waitMs = heard.answered
          ? (heard.recheckAfterS ?? 1) * 1_000
          : Math.max(0, Math.min(AGAIN_MS, endsAtMs() - performance.now()));
      }
    },
    regained: async () => (await hear()).decision === 'bypass',
  };
}
