import { randomBytes } from 'node:crypto';
import { LONGEST_MS } from '#test/support/service/installation';

/** What somebody asks about. */
export interface About {
  readonly gate: string;
  readonly service: string;
  readonly environment: string;
  readonly branch?: string;
  readonly run: string;
}

/** What the service said; `null` for what it left out. */
export interface Told {
  readonly status: number;
  readonly decision: unknown;
  readonly reason: unknown;
}

/** Asks by the decision API, without a limit of its own: what is judged is what the service says. */
export function askSigned(
  url: string,
  token: string,
  { run, ...about }: About,
  phase: 'start' | 'recheck' | 'finish' = 'start',
): Promise<Told> {
  const deploy = { id: run, attempt: 1 };
  const nonce = randomBytes(16).toString('hex');
  return post(new URL('/v1/decisions', url), token, { ...about, deploy, phase, nonce });
}

/** Asks by the address whose status says it all. */
export function askByStatus(
  url: string,
  token: string,
  { gate, run, ...about }: About,
): Promise<Told> {
  const address = new URL(`/v1/gates/${encodeURIComponent(gate)}`, url);
  return post(address, token, { ...about, deploy: run });
}

/** Asks again while no answer could be had in time, which a busy machine is let off. */
export async function inTheEnd(ask: () => Promise<Told>): Promise<Told> {
  for (;;) {
    const told = await ask();
    if (told.status !== 503 && told.reason !== 'unavailable') return told;
  }
}

async function post(address: URL, token: string, body: object): Promise<Told> {
  const response = await fetch(address, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(LONGEST_MS),
  });
  const said = (await response.json()) as {
    readonly decision?: unknown;
    readonly reason?: unknown;
  };
  return { status: response.status, decision: said.decision ?? null, reason: said.reason ?? null };
}
