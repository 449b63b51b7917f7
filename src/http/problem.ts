import type { Sender } from './client-address.ts';

/** A Fetch-style handler: one request in, one response out. Never throws for what a client sends. */
export type FetchHandler = (request: Request, sender?: Sender) => Promise<Response> | Response;

export interface Problem {
  readonly status: number;
  readonly title: string;
  /** What happened and what to do next. Never what the client sent: a token could be in it. */
  readonly detail: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Further members (RFC 9457 §3.2). */
  readonly members?: Readonly<Record<string, unknown>>;
}

/** A problem details document (RFC 9457), never to be cached. */
export function problem({ status, title, detail, headers, members }: Problem): Response {
  return new Response(JSON.stringify({ type: 'about:blank', title, status, detail, ...members }), {
    status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...headers,
    },
  });
}

/** The answer to a path that nothing is mounted at. */
export function notFound(): Response {
  return problem({
    status: 404,
    title: 'Nothing is here',
    detail: 'Check the path. Decisions are asked with POST /v1/decisions.',
  });
}

/** The answer to a method that the path does not have. `allow` as in RFC 9110 §10.2.1. */
export function methodNotAllowed(allow: string, members?: Problem['members']): Response {
  return problem({
    status: 405,
    title: 'This method is not offered here',
    detail: `Use ${allow}.`,
    headers: { allow },
    ...(members === undefined ? {} : { members }),
  });
}

/** 401 with a challenge (RFC 9110 §11.6.1). */
export function unauthorised(
  title: string,
  detail: string,
  challenge: string,
  members?: Problem['members'],
): Response {
  return problem({
    status: 401,
    title,
    detail,
    headers: { 'www-authenticate': challenge },
    ...(members === undefined ? {} : { members }),
  });
}

/** 429 with the seconds to wait (RFC 6585 §4). */
export function tooManyRequests(
  title: string,
  waitMs: number,
  members?: Problem['members'],
): Response {
  return problem({
    status: 429,
    title,
    detail: 'Wait for the seconds that Retry-After names, then ask again.',
    headers: { 'retry-after': String(Math.max(1, Math.ceil(waitMs / 1_000))) },
    ...(members === undefined ? {} : { members }),
  });
}
