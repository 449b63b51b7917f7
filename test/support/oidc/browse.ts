/** An answer, and the address that it came from. */
export interface Visited {
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** A browser without a window: keeps cookies by host, and goes where it is sent. */
export interface Visitor {
  get(url: string): Promise<Visited>;
  /** Sends a form; `headers` as a browser would add them. */
  post(
    url: string,
    form: Readonly<Record<string, string>>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Visited>;
  /** The cookies of one host, to look at and to change. */
  cookies(host: string): Map<string, string>;
}

const MOST_HOPS = 10;

/** @param stopAt an address that the visitor is sent to but does not open, by its beginning. */
export function visitor(stopAt?: string): Visitor {
  const jars = new Map<string, Map<string, string>>();
  const jarOf = (host: string): Map<string, string> => {
    const jar = jars.get(host) ?? new Map<string, string>();
    jars.set(host, jar);
    return jar;
  };
  const once = async (url: string, init: RequestInit): Promise<Response> => {
    const jar = jarOf(new URL(url).host);
    const headers = new Headers(init.headers);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    if (cookie !== '') headers.set('cookie', cookie);
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) keep(jar, line);
    return response;
  };
  const go = async (first: string, init: RequestInit): Promise<Visited> => {
    let [url, next] = [first, init];
    for (let hop = 0; hop < MOST_HOPS; hop += 1) {
      const response = await once(url, next);
      const { status, headers } = response;
      const location = headers.get('location');
      if (location === null) return { url, status, headers, body: await response.text() };
      await response.body?.cancel();
      url = new URL(location, url).href;
      if (stopAt !== undefined && url.startsWith(stopAt)) return { url, status, headers, body: '' };
      next = {};
    }
    throw new Error(`sent on more than ${MOST_HOPS} times`);
  };
  return {
    get: (url) => go(url, {}),
    post: (url, form, headers = {}) =>
      go(url, { method: 'POST', body: new URLSearchParams(form), headers }),
    cookies: jarOf,
  };
}

function keep(jar: Map<string, string>, line: string): void {
  const [pair = '', ...attributes] = line.split(';');
  const at = pair.indexOf('=');
  const [name, value] = [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
  const gone = attributes.some((one) => /^\s*(max-age=0|expires=Thu, 01 Jan 1970)/i.test(one));
  if (gone || value === '') jar.delete(name);
  else jar.set(name, value);
}
