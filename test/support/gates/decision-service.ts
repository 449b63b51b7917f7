import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { DecisionClaims } from '#application/decision/answer';
import { DECISION_KEYS_PATH } from '#http/decision-keys-route';
import { generateDecisionKey } from '#http/decision-key';
import { createDecisionSigner } from '#http/decision-signer';

export interface AskedBody {
  readonly gate: string;
  readonly deploy: { readonly id: string; readonly attempt: number };
  readonly phase: 'start' | 'recheck' | 'finish';
  readonly outcome?: string;
  readonly nonce: string;
  readonly [member: string]: unknown;
}

/** How a question is answered; claims that are not named are right. */
export interface Scripted {
  readonly decision: 'bypass' | 'enforce';
  readonly reason?: string;
  readonly leftMs?: number;
  readonly recheckAfter?: number;
  readonly claims?: Partial<DecisionClaims>;
  /** Signed by a key that is published nowhere. */
  readonly stranger?: boolean;
  /** The body around the signature, after it was made. */
  readonly body?: object;
}

export type Answer = Scripted | ((request: IncomingMessage, response: ServerResponse) => void);

export interface ScriptedService extends AsyncDisposable {
  readonly url: string;
  readonly asked: AskedBody[];
  readonly tokens: (string | undefined)[];
  readonly paths: readonly string[];
  /** How often the keys were read. */
  readonly keysRead: number;
  /** From here on another key signs, and only that one is published. */
  rotate(): Promise<void>;
  /** Called for each question that can be read. */
  answer: (asked: AskedBody) => Answer;
}

/** A decision API that signs for real and says what a test wants. */
export async function startScriptedService(
  first: ScriptedService['answer'],
): Promise<ScriptedService> {
  const [key, strange] = [await generateDecisionKey(), await generateDecisionKey()];
  const asked: AskedBody[] = [];
  const tokens: (string | undefined)[] = [];
  const state = { answer: first };
  const paths: string[] = [];
  const signerOf = (one: typeof key): ReturnType<typeof createDecisionSigner> =>
    createDecisionSigner({ keys: () => [one], issuer: 'https://breakglass.example' });
  const theirs = signerOf(strange);
  let ours = signerOf(key);
  let keysRead = 0;
  const server = createServer((request, response) => void serve(request, response));
  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    paths.push(request.url ?? '');
    if (request.url?.endsWith(DECISION_KEYS_PATH)) {
      keysRead += 1;
      response.setHeader('cache-control', 'public, max-age=300').end(JSON.stringify(ours.jwks()));
      return;
    }
    const body = JSON.parse(await text(request)) as AskedBody;
    asked.push(body);
    tokens.push(request.headers.authorization);
    const said = state.answer(body);
    if (typeof said === 'function') return said(request, response);
    const signer = said.stranger === true ? theirs : ours;
    const now = Date.now();
    const claims = claimsOf(body, said, now);
    const expiresAt = said.decision === 'bypass' ? now + (said.leftMs ?? 900_000) : null;
    response.end(
      JSON.stringify({
        decision: said.decision,
        decisionId: claims.jti,
        bypassEntryId: claims.entry,
        reason: said.reason ?? (said.decision === 'bypass' ? 'bypassed' : 'no-bypass'),
        expiresAt: expiresAt === null ? null : new Date(expiresAt).toISOString(),
        serverTime: new Date(now).toISOString(),
        recheckAfter: said.decision === 'bypass' ? (said.recheckAfter ?? 1) : null,
        jws: await signer.sign(claims),
        ...said.body,
      }),
    );
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    tokens,
    paths,
    get keysRead() {
      return keysRead;
    },
    async rotate() {
      ours = signerOf(await generateDecisionKey());
    },
    get answer() {
      return state.answer;
    },
    set answer(answer) {
      state.answer = answer;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function claimsOf(asked: AskedBody, said: Scripted, now: number): DecisionClaims {
  const iat = Math.floor(now / 1_000);
  return {
    aud: asked.gate,
    jti: 'decision-1',
    nonce: asked.nonce,
    decision: said.decision,
    deploy: `${asked.deploy.id}#${asked.deploy.attempt}`,
    entry: said.decision === 'bypass' ? `sha256:${'e'.repeat(64)}` : null,
    commit: null,
    artifact: null,
    inFlight: said.decision === 'bypass' ? 'hold' : null,
    iat,
    exp: iat + 30,
    ...said.claims,
  };
}
