/** What a callback address of a deployment protection rule names. */
export interface Callback {
  /** `owner/name`, as the address has it. */
  readonly repository: string;
  readonly run: string;
}

const CALLBACK =
  /^\/repos\/([\w.-]{1,100}\/[\w.-]{1,100})\/actions\/runs\/([1-9]\d{0,18})\/deployment_protection_rule$/;

/**
 * Reads the callback address of a `deployment_protection_rule` delivery, which alone names the run.
 * `null` unless it is below the API that is configured, letter by letter: a token must go nowhere
 * else, and nothing is ever sent to the address itself.
 *
 * @param apiUrl `https://api.github.com`, or `https://<host>/api/v3` of an Enterprise Server.
 */
export function readCallback(apiUrl: string, text: string): Callback | null {
  const api = URL.parse(apiUrl);
  const url = URL.parse(text);
  if (api === null || url === null || url.origin !== api.origin) return null;
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    return null;
  const base = api.pathname.replace(/\/+$/, '');
  if (!url.pathname.startsWith(`${base}/`)) return null;
  const [, repository, run] = CALLBACK.exec(url.pathname.slice(base.length)) ?? [];
  if (repository === undefined || run === undefined) return null;
  // `..` would have been resolved by now; a name of dots alone names no repository.
  return repository.split('/').every((part) => /[^.]/.test(part)) ? { repository, run } : null;
}
