import { notFound, type FetchHandler } from './problem.ts';

/** A handler and the path it serves, with everything below that path. */
export interface Route {
  /** `/v1/decisions`; no slash at its end. */
  readonly prefix: string;
  readonly fetch: FetchHandler;
}

/** Is `path` the prefix itself or below it? `/v1x` is not below `/v1`. */
export function isUnder(prefix: string, path: string): boolean {
  return path === prefix || path.startsWith(prefix === '/' ? '/' : `${prefix}/`);
}

/**
 * One handler for many: the longest prefix that covers the path answers, and 404 in JSON where
 * none does. Throws TypeError for a prefix that is mounted twice or is no path.
 */
export function composeRoutes(routes: readonly Route[]): FetchHandler {
  for (const { prefix } of routes) {
    if (!/^\/$|^(\/[^/?#]+)+$/.test(prefix)) throw new TypeError(`not a path prefix: ${prefix}`);
  }
  if (new Set(routes.map((route) => route.prefix)).size < routes.length) {
    throw new TypeError('a path prefix is mounted twice');
  }
  const longestFirst = routes.toSorted((a, b) => b.prefix.length - a.prefix.length);
  return (request, sender) => {
    const { pathname } = new URL(request.url);
    const route = longestFirst.find(({ prefix }) => isUnder(prefix, pathname));
    return route === undefined ? notFound() : route.fetch(request, sender);
  };
}
