import { request, type Agent } from 'undici';
import { LookUpFailed } from '#application/ports/directory';
import { readAtMost } from '../read-at-most.ts';

/** A PagerDuty account that may be read. */
export interface PagerDutyAccount {
  /** `https://api.pagerduty.com`, or that of the EU service region. No slash at the end. */
  readonly url: string;
  /** A REST API key; read-only is enough. */
  readonly token: string;
}

export interface RestOptions {
  readonly agent: Agent;
  /** Monotonic, in ms. */
  readonly clock: () => number;
  /** From connecting to the last byte. */
  readonly timeoutMs: number;
}

export interface PagerDutyRest {
  /**
   * One GET of the REST API v2 (developer.pagerduty.com/api-reference). `null` for what is not there
   * (404). After a 429 nothing is asked of that account until PagerDuty takes requests again.
   *
   * @throws LookUpFailed for every other answer than 200, and for none.
   */
  get(account: PagerDutyAccount, path: string, query: URLSearchParams): Promise<unknown>;
}

const MAX_BYTES = 1024 * 1024;
/** Of the window that PagerDuty counts requests in. */
const LONGEST_PAUSE_S = 60;

export function pagerDutyRest({ agent, clock, timeoutMs }: RestOptions): PagerDutyRest {
  const pausedUntil = new Map<string, number>();
  return {
    async get(account, path, query) {
      const { url, token } = account;
      if ((pausedUntil.get(token) ?? 0) > clock())
        throw new LookUpFailed('PagerDuty is asked no more for now: it is rate-limited');
      const answer = await ask(new URL(`${url}${path}?${query.toString()}`), token, {
        agent,
        timeoutMs,
      });
      if (answer.status === 404) return null;
      if (answer.status === 429) pausedUntil.set(token, clock() + answer.pauseMs);
      if (answer.status !== 200) throw new LookUpFailed(`PagerDuty answered ${answer.status}`);
      return parsed(answer.body);
    },
  };
}

async function ask(
  url: URL,
  token: string,
  { agent, timeoutMs }: Pick<RestOptions, 'agent' | 'timeoutMs'>,
) {
  try {
    const { statusCode, headers, body } = await request(url, {
      dispatcher: agent,
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        accept: 'application/vnd.pagerduty+json;version=2',
        'content-type': 'application/json',
        authorization: `Token token=${token}`,
      },
    });
    const bytes = await readAtMost(body, MAX_BYTES);
    return { status: statusCode, pauseMs: pauseMs(headers['ratelimit-reset']), body: bytes };
  } catch (cause) {
    throw new LookUpFailed('PagerDuty did not answer', { cause });
  }
}

/** `ratelimit-reset`: the seconds until requests are taken again. */
function pauseMs(header: string | string[] | undefined): number {
  const seconds = Number(header);
  const known = Number.isFinite(seconds) && seconds > 0 ? seconds : LONGEST_PAUSE_S;
  return Math.min(known, LONGEST_PAUSE_S) * 1_000;
}

function parsed(bytes: Uint8Array | null): unknown {
  if (bytes === null) throw new LookUpFailed('the answer of PagerDuty is too long');
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (cause) {
    throw new LookUpFailed('the answer of PagerDuty is no JSON', { cause });
  }
}
