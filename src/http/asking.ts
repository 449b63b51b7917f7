import type { Logger } from 'pino';
import type { Decisions } from '#application/ports/decisions';
import { askingLimiter, tokenName, type AskingLimiter } from './asking-limiter.ts';
import { ASKING_LIMITS, type AskingLimits } from './asking-limits.ts';
import type { askingProblems } from './asking-problems.ts';
import { clientAddress, type Sender } from './client-address.ts';
import { inTime, type Instead, type TimeLeft } from './in-time.ts';

/** What every way to ask is made of. */
export interface AskingOptions {
  readonly decisions: Decisions;
  readonly log: Pick<Logger, 'error' | 'warn'>;
  readonly limits?: Partial<AskingLimits>;
  /** Shared with the other ways to ask, so that none is a way round the limit. */
  readonly limiter?: AskingLimiter;
  /** How many proxies in front of the service add to `X-Forwarded-For`. */
  readonly proxies?: number;
  /** A clock that never goes back, in ms; for the rate limit alone. */
  readonly monotonicMs?: () => number;
  /** Hears of each question that had no answer in time. */
  readonly onLate?: () => void;
}

/** Who asks, as far as the request tells. */
interface Asker {
  readonly token: string;
  readonly headers: Pick<Headers, 'get'>;
  readonly sender: Sender | undefined;
}

/** What a question is answered by, once it is let in. */
interface LetIn {
  readonly decisions: Decisions;
  readonly time: TimeLeft;
  readonly maxBodyBytes: number;
}

type Problems = Pick<ReturnType<typeof askingProblems>, 'tooOften' | 'unavailable'>;

/** Lets questions in as often as they may come, and has an answer for each in time. */
export function asking(options: AskingOptions, problems: Problems) {
  const limits = { ...ASKING_LIMITS, ...options.limits };
  const { decisions, proxies = 0, monotonicMs = () => performance.now() } = options;
  const limiter = options.limiter ?? askingLimiter(limits, monotonicMs);
  const { deadlineMs, maxBodyBytes } = limits;
  const instead = insteadOf(options, deadlineMs, problems);
  return <Answer>(
    { token, headers, sender }: Asker,
    answer: (letIn: LetIn) => Promise<Answer | Response>,
  ): Promise<Answer | Response> | Response => {
    const from = clientAddress(headers, sender ?? { peer: undefined }, proxies) ?? 'unknown';
    const name = tokenName(token);
    const waitMs = limiter.waitMs(name, from);
    if (waitMs > 0) return problems.tooOften(waitMs);
    const telling = told(decisions, limiter, name, from);
    return inTime(deadlineMs, instead, (time) =>
      answer({ decisions: telling, time, maxBodyBytes }),
    );
  };
}

/** Tells the limiter of the token whether it was good. */
const told = (
  decisions: Decisions,
  limiter: AskingLimiter,
  name: string,
  from: string,
): Decisions => ({
  async answer(token, question) {
    const result = await decisions.answer(token, question);
    limiter.told(name, from, !('notAuthenticated' in result));
    return result;
  },
});

const insteadOf = (
  { log, onLate = () => undefined }: Pick<AskingOptions, 'log' | 'onLate'>,
  deadlineMs: number,
  { unavailable }: Problems,
): Instead => ({
  late: () => {
    onLate();
    log.warn({ deadlineMs }, 'a decision took too long and was answered with enforce');
    return unavailable();
  },
  failed: (error) => {
    log.error({ err: error }, 'a decision failed: enforce');
    return unavailable();
  },
});
