const SCHEMES = new Set(['http:', 'https:', 'mailto:']);

/**
 * An address that the page leads to: web pages and mail, no others (`javascript:` would run here).
 * Every `href` that is made of what somebody wrote goes through this; undefined for what is none.
 */
export function link(address: string): string | undefined {
  return URL.canParse(address) && SCHEMES.has(new URL(address).protocol) ? address : undefined;
}
