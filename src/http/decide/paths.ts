/** Where the pages are mounted on which people decide without Slack. */
export const DECIDE_PATH = '/decide';

/**
 * How pages point at each other, from here and from where the provider sends browsers back to: both
 * folders stand side by side, and a proxy may have put them below a path of its own.
 */
export const FROM_BESIDE = {
  link: (link: string): string => `../decide/${link}`,
  request: (handle: string): string => `../decide/request?at=${handle}`,
  decide: '../decide/request',
  signIn: (link: string): string => `../sign-in/${link}`,
} as const;

/** 32 bytes in base64url. */
const LINK = /^[A-Za-z0-9_-]{43}$/;

export type DecidePath =
  | { readonly is: 'style' | 'request' }
  | { readonly is: 'link'; readonly link: string };

/** Reads a path below `/decide`; `null` where nothing is. */
export function decidePath(pathname: string): DecidePath | null {
  const below = pathname.slice(DECIDE_PATH.length + 1);
  if (below === 'style.css') return { is: 'style' };
  if (below === 'request') return { is: 'request' };
  return LINK.test(below) ? { is: 'link', link: below } : null;
}
