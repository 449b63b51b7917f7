import { readFile } from 'node:fs/promises';
import { decodeJwt } from 'jose';
import type { Environment } from './job-environment.ts';
import { jsonBody } from './json-body.ts';

/** No token could be had; the message says what to set. Holds no part of a token. */
class TokenMissing extends Error {
  override name = 'TokenMissing';
  readonly code: 'not-set' | 'unreadable' | 'refused';
  constructor(code: 'not-set' | 'unreadable' | 'refused', message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** A token is used anew until so little of its time is left. */
const SPARE_MS = 30_000;

/**
 * What gives the token this job asks with, read anew each time because those of CI systems live for
 * minutes: `BREAKGLASS_TOKEN`; the file that `BREAKGLASS_TOKEN_FILE` names (a projected token of
 * Kubernetes); `BREAKGLASS_ID_TOKEN` (`id_tokens` of GitLab); else one that GitHub Actions makes for
 * `audience`, which is kept while it lives. What it gives throws TokenMissing.
 */
export function callerToken(
  env: Environment,
  audience: string | null,
): (within: AbortSignal) => Promise<string> {
  const { BREAKGLASS_TOKEN: token, BREAKGLASS_TOKEN_FILE: file, BREAKGLASS_ID_TOKEN: id } = env;
  // A secret that was pasted ends with a line break more often than not.
  if (token?.trim()) return () => Promise.resolve(token.trim());
  if (file) return (within) => readToken(file, within);
  if (id?.trim()) return () => Promise.resolve(id.trim());
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: request } = env;
  if (url && request) return keptToken((within) => githubToken(url, request, audience, within));
  return () => Promise.reject(new TokenMissing('not-set', WAYS));
}

function keptToken(
  make: (within: AbortSignal) => Promise<string>,
): (within: AbortSignal) => Promise<string> {
  let kept: { readonly token: string; readonly untilMs: number } | null = null;
  return async (within) => {
    if (kept !== null && performance.now() < kept.untilMs) return kept.token;
    const token = await make(within);
    kept = { token, untilMs: performance.now() + lifeMs(token) - SPARE_MS };
    return token;
  };
}

/** From when it was made to when it ends, so that no clock of this machine counts (RFC 7519 §4.1). */
function lifeMs(token: string): number {
  try {
    const { iat = 0, exp = 0 } = decodeJwt(token);
    return (exp - iat) * 1_000;
  } catch {
    // No JWT: then it is asked for anew each time.
    return 0;
  }
}

const WAYS =
  'No token to ask with. Set BREAKGLASS_TOKEN or BREAKGLASS_TOKEN_FILE; in GitHub Actions give the job `permissions: { id-token: write }`; in GitLab name an `id_tokens: BREAKGLASS_ID_TOKEN`.';

async function readToken(file: string, signal: AbortSignal): Promise<string> {
  try {
    return (await readFile(file, { encoding: 'utf8', signal })).trim();
  } catch (cause) {
    throw new TokenMissing('unreadable', `BREAKGLASS_TOKEN_FILE cannot be read: ${file}`, {
      cause,
    });
  }
}

/** @see https://docs.github.com/en/actions/reference/security/oidc */
async function githubToken(
  url: string,
  request: string,
  audience: string | null,
  signal: AbortSignal,
): Promise<string> {
  if (audience === null || audience === '') throw new TokenMissing('not-set', NO_AUDIENCE);
  const address = new URL(url);
  address.searchParams.set('audience', audience);
  const answer = await fetch(address, {
    headers: { authorization: `Bearer ${request}` },
    signal,
    redirect: 'error',
  }).catch((cause: unknown) => {
    throw new TokenMissing('refused', `${NOT_MADE}.`, { cause });
  });
  const body: unknown = answer.ok ? await jsonBody(answer, signal).catch(() => null) : null;
  const value = typeof body === 'object' && body !== null && 'value' in body ? body.value : null;
  if (typeof value === 'string' && value !== '') return value;
  throw new TokenMissing('refused', `${NOT_MADE}: ${answer.status}.`);
}

const NO_AUDIENCE = 'Name the audience: --audience breakglass/<tenant>.';
const NOT_MADE = 'GitHub Actions made no token for this job';
