import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { verifyDecision, type VerifiedDecision } from '#http/verify-decision';
import { printable } from '../printable.ts';
import { deployKey, type AskedDeploy, type DeployEnd } from './asked-deploy.ts';
import { jsonBody } from './json-body.ts';
import { publishedKeys } from './published-keys.ts';

/** Where and as whom a job asks. */
export interface AskedService {
  /** Its address; a path in it is kept. */
  readonly url: string;
  /**
   * Asked for at each question, as tokens of CI systems live for minutes.
   * @param within the time that the question has. @throws TokenMissing.
   */
  readonly token: (within: AbortSignal) => Promise<string>;
  /** The job's clock, epoch milliseconds. */
  readonly now: () => number;
}

export interface Heard {
  readonly decision: 'bypass' | 'enforce';
  /** Why, as the service says it, or what went wrong on the way. */
  readonly reason: string;
  /** Who may not ask is told what to change; `null` otherwise. */
  readonly detail: string | null;
  /** The entry that lets the deploy through. */
  readonly entry: string | null;
  /** When the bypass ends, epoch milliseconds on the service's clock. */
  readonly expiresAt: number | null;
  /** How long the bypass still lasts, in milliseconds, measured on the service's clock. */
  readonly leftMs: number | null;
  /** After how many seconds to ask again. */
  readonly recheckAfterS: number | null;
  /** What the policy wants done with the deploy when the bypass ends. */
  readonly inFlight: VerifiedDecision['inFlight'];
  /**
   * The service looked, and its answer is verified; `false` where nothing is known. Before a deploy
   * began, an `enforce` counts as answered unsigned: nothing is done then that silence would not do too.
   */
  readonly answered: boolean;
}

type Phase = 'start' | 'recheck' | 'finish';

/** For all of a question: token, answer and keys. */
const CLIENT_TIMEOUT_MS = 2_000;
const LONGEST_SHOWN = 500;

/**
 * Asks the decision API as a client must: a fresh nonce, two seconds in all, and a signature that
 * fits this question. Whatever goes wrong is `enforce`; never throws.
 */
export async function askGate(
  service: AskedService,
  asked: AskedDeploy,
  phase: Phase,
  outcome?: DeployEnd,
): Promise<Heard> {
  const nonce = randomBytes(16).toString('hex');
  const body = { ...asked, phase, nonce, ...(outcome === undefined ? {} : { outcome }) };
  try {
    return await answerTo(service, asked, body);
  } catch (error) {
    return unanswered(whatFailed(error));
  }
}

function whatFailed(error: unknown): string {
  if (!(error instanceof Error)) return 'no answer';
  if (error.name === 'TokenMissing' || error.name === 'AnswerTooLarge') return error.message;
  if (error.name === 'TimeoutError') return 'no answer within 2 s';
  if (error.name === 'ZodError' || error.name === 'SyntaxError')
    return 'no answer that can be read';
  // fetch tells what happened in the cause: ECONNREFUSED, ENOTFOUND, a certificate's fault.
  const { cause } = error as { cause?: { code?: unknown } };
  return `no answer (${typeof cause?.code === 'string' ? cause.code : error.name})`;
}

async function answerTo(
  { url, token, now }: AskedService,
  asked: AskedDeploy,
  body: { readonly nonce: string; readonly phase: Phase },
): Promise<Heard> {
  const signal = AbortSignal.timeout(CLIENT_TIMEOUT_MS);
  // A redirect would send the token to whoever it names.
  const options = { signal, redirect: 'error' } as const;
  const keys = (anew = false) => publishedKeys(at(url, KEYS), options, anew);
  // Side by side, as two seconds are few for a job far away; that it failed is heard of below.
  const first = keys();
  first.catch(() => {});
  const response = await fetch(at(url, DECISIONS), {
    ...options,
    method: 'POST',
    headers: { authorization: `Bearer ${await token(signal)}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (response.status !== 200) return unanswered(await refusalOf(response, signal));
  const said = answer.parse(await jsonBody(response, signal));
  if (said.jws === null)
    return body.phase === 'start' && said.decision === 'enforce'
      ? heard(ENFORCED, said)
      : unanswered('an answer that nobody signed');
  const expected = { aud: asked.gate, nonce: body.nonce, deploy: deployKey(asked), now: now() };
  const verified = await verifyDecision(said.jws, await first, expected);
  if (verified.ok) return heard(verified.decision, said);
  if (verified.refusal !== 'unknown-key') return unanswered(verified.refusal);
  // The service has changed its key since these were read.
  const again = await verifyDecision(said.jws, await keys(true), expected);
  return again.ok ? heard(again.decision, said) : unanswered(again.refusal);
}

const DECISIONS = 'v1/decisions';
const KEYS = '.well-known/breakglass/decision-keys.json';

const at = (url: string, path: string): URL => new URL(path, url.endsWith('/') ? url : `${url}/`);

/** What nobody signed is for people, and for asking in time: it never lengthens a bypass. */
const answer = z.object({
  decision: z.string().optional().catch(undefined),
  jws: z.string().nullable(),
  reason: z
    .string()
    .regex(/^[a-z][a-z-]{0,39}$/)
    .catch('for a reason that cannot be read'),
  detail: z.string().optional().catch(undefined),
  expiresAt: z.iso.datetime().nullable().catch(null),
  serverTime: z.iso.datetime().nullable().catch(null),
  recheckAfter: z.int().min(1).max(30).nullable().catch(1),
});

type Decided = Pick<VerifiedDecision, 'decision' | 'entry' | 'inFlight'>;

const ENFORCED: Decided = { decision: 'enforce', entry: null, inFlight: null };

/** What decides is what was signed; the rest tells people why, and when to ask again. */
function heard(
  { decision, entry, inFlight }: Decided,
  { reason, detail, expiresAt, serverTime, recheckAfter }: z.infer<typeof answer>,
): Heard {
  const expires = expiresAt === null ? null : Date.parse(expiresAt);
  const leftMs = expires === null || serverTime === null ? null : expires - Date.parse(serverTime);
  return {
    decision,
    reason,
    detail: detail === undefined ? null : printable(detail).slice(0, LONGEST_SHOWN),
    entry: entry === null ? null : printable(entry),
    expiresAt: expires,
    leftMs,
    recheckAfterS: recheckAfter,
    inFlight,
    // It could not look: as little as if it had said nothing, for a job that holds a bypass.
    answered: decision === 'bypass' || reason !== 'unavailable',
  };
}

/** What a problem document says (RFC 9457) helps who wires the gate. */
async function refusalOf(response: Response, signal: AbortSignal): Promise<string> {
  const body = problem.safeParse(await jsonBody(response, signal).catch(() => null));
  const { title, detail, mistakes } = body.success ? body.data : {};
  const what = title === undefined ? `${response.status}` : `${response.status}: ${title}`;
  const told = (mistakes ?? []).map(({ path, write }) => `${path}: write ${write}`);
  const next = told.length > 0 || detail === undefined ? '' : `. ${detail}`;
  return printable([what, ...told].join('; ') + next).slice(0, LONGEST_SHOWN);
}

const problem = z.object({
  title: z.string().optional(),
  detail: z.string().optional(),
  mistakes: z.array(z.object({ path: z.string(), write: z.string() })).optional(),
});

function unanswered(reason: string): Heard {
  return {
    decision: 'enforce',
    reason,
    detail: null,
    entry: null,
    expiresAt: null,
    leftMs: null,
    recheckAfterS: null,
    inFlight: null,
    answered: false,
  };
}
