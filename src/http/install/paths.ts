/** Where the pages are mounted. */
export const INSTALL_PATH = '/slack/install';
/** Where Slack sends the browser back to; the app lists it under its redirect URLs. */
export const INSTALL_CALLBACK_PATH = `${INSTALL_PATH}/callback`;

/** 32 bytes in base64url, as invitations end. */
const LINK = /^[A-Za-z0-9_-]{43}$/;

export type InstallPath =
  | { readonly is: 'style' | 'callback' | 'confirm' }
  | { readonly is: 'page'; readonly link: string };

/** Reads a path below `/slack/install`; `null` where nothing is. */
export function installPath(pathname: string): InstallPath | null {
  const last = pathname.slice(INSTALL_PATH.length + 1);
  switch (last) {
    case 'style.css':
      return { is: 'style' };
    case 'callback':
    case 'confirm':
      return { is: last };
  }
  return LINK.test(last) ? { is: 'page', link: last } : null;
}
