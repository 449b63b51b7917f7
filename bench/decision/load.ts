import { randomBytes } from 'node:crypto';
import { answerParent } from './asked-process.ts';
import { GATE } from './first-tenant.ts';
import { closedLoop, openLoop, type Load } from './http-load.ts';
import { ARRIVALS_PER_SECOND, CONNECTIONS } from './sizes.ts';

/* Asks from a process of its own, with as little work for each question as can be. */

/** Questions to ask of one server. */
export interface Order {
  readonly url: string;
  readonly how: 'closed' | 'open';
  readonly seconds: number;
  readonly service: string;
  /** The decision that every answer must have. */
  readonly expected: 'bypass' | 'enforce';
}

/** What came of them. */
export interface Told {
  readonly answers: number;
  readonly others: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

let tokens: readonly string[] = [];
let asked = 0;
const run = randomBytes(6).toString('hex');

function requestFor(service: string): Buffer {
  asked += 1;
  const deploy = {
    id: `${run}-${asked}`,
    attempt: 1,
    url: `https://ci.example/acme/${service}/runs/${asked}`,
    actor: 'octocat',
  };
  const body = JSON.stringify({
    gate: GATE,
    service,
    environment: 'production',
    branch: 'main',
    commit: 'c0ffee11d1ce0fbaddecaf00decafbad5ca1ab1e',
    artifact: { name: `registry.example/${service}`, digest: `sha256:${'ab'.repeat(32)}` },
    deploy,
    phase: 'start',
    nonce: `${run}-${asked}-0123456789`,
  });
  return Buffer.from(
    `POST /v1/decisions HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n` +
      `authorization: Bearer ${tokens[asked % tokens.length]}\r\n` +
      `content-length: ${body.length}\r\n\r\n${body}`,
    'latin1',
  );
}

async function fulfil({ url, how, seconds, service, expected }: Order): Promise<Told> {
  const to = new URL(url);
  const next = () => requestFor(service);
  const isExpected = (answer: string) =>
    answer.startsWith('HTTP/1.1 200') && answer.includes(`"decision":"${expected}"`);
  const begun = performance.now();
  const load: Load =
    how === 'closed'
      ? await closedLoop(to, CONNECTIONS, seconds, next, isExpected)
      : await openLoop(to, 2 * CONNECTIONS, seconds, ARRIVALS_PER_SECOND, next, isExpected);
  const tookS = (performance.now() - begun) / 1_000;
  const sorted = load.tookMs.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  const answers = sorted.length;
  return {
    answers,
    others: load.others,
    perSecond: answers / tookS,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
  };
}

answerParent(
  {},
  (message) => {
    const order = message as Order | { readonly tokens: readonly string[] };
    if (!('tokens' in order)) return fulfil(order);
    ({ tokens } = order);
    return {};
  },
  async () => undefined,
);
