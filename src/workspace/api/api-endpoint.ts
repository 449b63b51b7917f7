import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LoggedCall } from '../call-log.ts';
import type { FaultAnswer } from '../faults.ts';
import { readArguments, readBody, sendHtml, sendJson } from '../http-body.ts';
import type { JsonObject } from '../json.ts';
import type { RateLimits } from '../rate-limits.ts';
import { postResponse } from '../response-message.ts';
import type { WorkspaceState } from '../state.ts';
import { refuse, type Answer } from './method.ts';
import type { WebApi } from './web-api.ts';

/** What goes out for a call: a body with its status. */
interface Reply {
  status: number;
  body: Answer;
}

/** Serves `/api/<method>` and response URLs: faults, the call itself, and the log of both. */
export class ApiEndpoint {
  readonly #state: WorkspaceState;
  readonly #webApi: WebApi;
  readonly #rateLimits: RateLimits | undefined;

  constructor(state: WorkspaceState, webApi: WebApi, rateLimits?: RateLimits) {
    this.#state = state;
    this.#webApi = webApi;
    this.#rateLimits = rateLimits;
  }

  async serveMethod(method: string, request: IncomingMessage, response: ServerResponse) {
    const args = await this.#arguments(request);
    if (!args) return sendJson(response, 200, refuse('invalid_json'));
    const { token: inBody, ...rest } = args;
    const token = bearer(request) ?? (typeof inBody === 'string' ? inBody : undefined);
    const teamId = this.#webApi.teamOf(token);
    const scopes = this.#webApi.scopesOf(token);
    if (scopes) response.setHeader('x-oauth-scopes', scopes.join(','));
    await this.#perform({ method, args: rest, ...(teamId && { teamId }) }, response, () => ({
      status: 200,
      body: this.#webApi.call(method, token, rest),
    }));
  }

  async serveResponseUrl(path: string, request: IncomingMessage, response: ServerResponse) {
    const args = await this.#arguments(request);
    if (!args) return sendJson(response, 400, refuse('invalid_json'));
    await this.#perform({ method: 'response_url', args }, response, () => {
      const target = this.#state.responseUrls.use(path);
      if (typeof target === 'string') return { status: 404, body: refuse(target) };
      const { answer } = postResponse(this.#state, target, args);
      return { status: answer.ok ? 200 : 400, body: answer };
    });
  }

  async #arguments(request: IncomingMessage): Promise<JsonObject | undefined> {
    const body = await readBody(request);
    if (body === undefined) return undefined;
    const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
    return readArguments(body, request.headers['content-type'], searchParams);
  }

  /** Over the rate limit a call fares as under a scripted one. */
  #limit({ method, args, teamId }: Pick<LoggedCall, 'method' | 'args' | 'teamId'>) {
    const retryAfterSeconds = teamId && this.#rateLimits?.take(method, teamId, args);
    if (!retryAfterSeconds) return undefined;
    return { kind: 'ratelimited', retryAfterSeconds } satisfies FaultAnswer;
  }

  async #perform(
    call: Pick<LoggedCall, 'method' | 'args' | 'teamId'>,
    response: ServerResponse,
    run: () => Reply,
  ): Promise<void> {
    const logged: LoggedCall = { ...call, at: this.#state.clock.now() };
    this.#state.calls.push(logged);
    const fault = this.#state.faults.take(call.method, call.args) ?? this.#limit(call);
    const reply = await applyFault(fault, response, run);
    logged.status = reply?.status ?? 0;
    if (!reply) {
      response.destroy();
      return;
    }
    if (fault?.kind === 'http' && fault.html !== undefined)
      return sendHtml(response, fault.status, fault.html);
    logged.result = reply.body;
    sendJson(response, reply.status, reply.body, {
      ...(fault?.kind === 'ratelimited' && { 'retry-after': String(fault.retryAfterSeconds) }),
    });
  }
}

/** Runs the call as the fault lets it; undefined means the connection is to be dropped. */
async function applyFault(
  fault: FaultAnswer | undefined,
  response: ServerResponse,
  run: () => Reply,
): Promise<Reply | undefined> {
  switch (fault?.kind) {
    case undefined:
      return run();
    case 'ratelimited':
      return { status: 429, body: refuse('ratelimited') };
    case 'error':
      return { status: 200, body: refuse(fault.error) };
    case 'http':
      return { status: fault.status, body: refuse('http_error') };
    case 'drop-before-accept':
      return undefined;
    case 'drop-after-accept':
      run();
      return undefined;
    case 'hang':
      if (fault.accepted) run();
      if (!response.closed) await once(response, 'close');
      return undefined;
    case 'delay':
      await sleep(fault.ms);
      return run();
  }
}

function bearer(request: IncomingMessage): string | undefined {
  return /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
}
