/** Where the pages are mounted. */
export const SIGN_IN_PATH = '/sign-in';
/** Where the provider sends the browser back to; to be registered there. */
export const CALLBACK_PATH = `${SIGN_IN_PATH}/callback`;

/**
 * How pages point at each other. All stand side by side in one folder, and a proxy may have put that
 * below a path of its own.
 */
export const BESIDE = {
  style: 'style.css',
  confirm: 'confirm',
  page: (link: string): string => link,
} as const;

/** 32 bytes in base64url, as `SignIns` gives links and handles out. */
const LINK = /^[A-Za-z0-9_-]{43}$/;

export type SignInPath =
  | { readonly is: 'style' | 'callback' | 'confirm' }
  /** The page of one link, and what `breakglass approve` asks. */
  | { readonly is: 'page' | 'keys' | 'approval'; readonly link: string };

/** Reads a path below `/sign-in`; `null` where nothing is. */
export function signInPath(pathname: string): SignInPath | null {
  switch (pathname) {
    case `${SIGN_IN_PATH}/${BESIDE.style}`:
      return { is: 'style' };
    case CALLBACK_PATH:
      return { is: 'callback' };
    case `${SIGN_IN_PATH}/${BESIDE.confirm}`:
      return { is: 'confirm' };
  }
  const [link = '', ...rest] = pathname.slice(SIGN_IN_PATH.length + 1).split('/');
  if (!LINK.test(link)) return null;
  if (rest.length === 0) return { is: 'page', link };
  const [last] = rest;
  return rest.length === 1 && (last === 'approval' || last === 'keys') ? { is: last, link } : null;
}
