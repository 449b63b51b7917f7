import type { WorkspaceState } from '../state.ts';
import type { InstallPlace } from '../store/oauth.ts';
import { CannotAct } from './cannot-act.ts';

/**
 * What Slack does with somebody who presses Allow: checks the app and where it wants them back, and
 * sends them there with a code. Scopes they leave out are not granted.
 * @throws CannotAct
 */
export function allowInstall(
  { directory, oauth, origin }: WorkspaceState,
  page: string,
  place: InstallPlace,
  scopes?: string[],
): string {
  const url = new URL(page);
  const asked = (name: string): string => url.searchParams.get(name) ?? '';
  const known = directory.app.oauth;
  if (url.origin !== origin || url.pathname !== '/oauth/v2/authorize')
    throw new CannotAct('no_such_page', `${url.origin}${url.pathname} is no page of Slack's.`);
  if (!known || asked('client_id') !== known.clientId)
    throw new CannotAct('invalid_client_id', 'There is no such app.');
  const redirectUri = asked('redirect_uri');
  if (!known.redirectUrls.some((one) => redirectUri === one || redirectUri.startsWith(`${one}/`)))
    throw new CannotAct('bad_redirect_uri', 'The app does not list this redirect URL.');
  const granted = scopes ?? asked('scope').split(',');
  const code = oauth.issueCode({ place, scopes: granted, redirectUri });
  const back = new URL(redirectUri);
  back.searchParams.set('code', code);
  back.searchParams.set('state', asked('state'));
  return back.href;
}
