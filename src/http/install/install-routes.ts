import type { Logger } from 'pino';
import {
  SlackOAuthFailed,
  type InstallAttempts,
  type NewInstallation,
  type SlackOAuth,
} from '#application/ports/installs';
import type { TenantId } from '#domain/ids';
import { clientAddress } from '../client-address.ts';
import { methodNotAllowed, type FetchHandler } from '../problem.ts';
import { isSameBrowser, newBrowserCookie } from '../sign-in/browser-cookie.ts';
import { formFields, isOwnForm } from '../sign-in/own-form.ts';
import { stylesheet } from '../sign-in/style.ts';
import { createBuckets } from '../token-bucket.ts';
import {
  confirmPage,
  installedPage,
  invitedPage,
  NOT_INSTALLED,
  notInstalledPage,
  toSlackPage,
} from './install-pages.ts';
import { INSTALL_PATH, installPath, type InstallPath } from './paths.ts';

export interface InstallOptions {
  readonly attempts: Omit<InstallAttempts, 'invite' | 'abandoned' | 'forget' | 'tenants'>;
  readonly oauth: Pick<SlackOAuth, 'authorizeUrl' | 'exchange'>;
  /** Without which nothing is bound. */
  readonly neededScopes: readonly string[];
  /** It is bound: what follows at once. */
  readonly bound: (tenant: TenantId) => Promise<void>;
  readonly publicUrl: string;
  readonly proxies: number;
  readonly log: Logger;
}

/** Each writes, and one asks Slack; nobody does it more often than this by hand. */
const LIMIT = { perSecond: 2, burst: 60 };

/**
 * The pages on which somebody with an invitation installs the app (OAuth 2.0, RFC 6749 §4.1; RFC 9700).
 * A GET shows: it binds nothing, though Slack's answer comes by one. Only a POST from our own page, of
 * the browser that began, binds a workspace to the tenant that the invitation names.
 */
export function installRoutes(options: InstallOptions): FetchHandler {
  const turns = createBuckets(LIMIT, () => performance.now());
  return async (request, sender = { peer: undefined }) => {
    const path = installPath(new URL(request.url).pathname);
    if (path === null) return notInstalledPage(NOT_INSTALLED.over);
    const address = clientAddress(request.headers, sender, options.proxies);
    if (path.is !== 'style' && address !== null && turns.take(address) > 0)
      return notInstalledPage(NOT_INSTALLED.often);
    try {
      return await answered(request, path, options);
    } catch (err) {
      options.log.error({ err }, 'an installation failed');
      return notInstalledPage(NOT_INSTALLED.fault);
    }
  };
}

async function answered(
  request: Request,
  path: InstallPath,
  options: InstallOptions,
): Promise<Response> {
  const reads = request.method === 'GET' || request.method === 'HEAD';
  switch (path.is) {
    case 'style':
      return reads ? stylesheet() : methodNotAllowed('GET, HEAD');
    case 'callback':
      // A HEAD must not use the code up.
      return request.method === 'GET' ? comeBack(request, options) : methodNotAllowed('GET');
    case 'confirm':
      return request.method === 'POST' ? confirm(request, options) : methodNotAllowed('POST');
    case 'page':
      if (reads) return show(path.link, options);
      return request.method === 'POST'
        ? begin(request, path.link, options)
        : methodNotAllowed('GET, HEAD, POST');
  }
}

async function show(link: string, { attempts }: InstallOptions): Promise<Response> {
  const invited = await attempts.invited(link);
  return invited === null ? notInstalledPage(NOT_INSTALLED.over) : invitedPage(link, invited.name);
}

async function begin(
  request: Request,
  link: string,
  { attempts, oauth, publicUrl }: InstallOptions,
): Promise<Response> {
  if (!isOwnForm(request, publicUrl)) return notInstalledPage(NOT_INSTALLED.form);
  const cookie = newBrowserCookie(publicUrl, INSTALL_PATH);
  const state = await attempts.begin(link, cookie.hash);
  if (state === null) return notInstalledPage(NOT_INSTALLED.over);
  return toSlackPage(oauth.authorizeUrl(state), cookie.header);
}

/** The state serves once, and only the browser that began: another's uses nothing up. */
async function comeBack(
  request: Request,
  { attempts, oauth, neededScopes, publicUrl, log }: InstallOptions,
): Promise<Response> {
  const query = new URL(request.url).searchParams;
  const state = query.get('state') ?? '';
  const begun = await attempts.begun(state);
  if (begun === null) return notInstalledPage(NOT_INSTALLED.attempt);
  if (!isSameBrowser(request, publicUrl, begun.browser)) {
    log.warn('an installation came back in another browser');
    return notInstalledPage(NOT_INSTALLED.browser);
  }
  if (!(await attempts.take(state))) return notInstalledPage(NOT_INSTALLED.attempt);
  const code = query.get('code');
  if (code === null) return notInstalledPage(NOT_INSTALLED.refused);
  const given = await exchange(oauth, code, log);
  if (given === null) return notInstalledPage(NOT_INSTALLED.refused);
  // Kept from here on, so that it can be given back: a crash before this leaves a token that nobody
  // has, and Slack gives the same one to whoever installs the app there again.
  const handle = await attempts.exchanged(state, given);
  if (handle === null) return notInstalledPage(NOT_INSTALLED.attempt);
  const lacks = neededScopes.filter((scope) => !given.scopes.includes(scope));
  if (lacks.length === 0) return confirmPage(handle, begun.name, given);
  log.warn({ lacks }, 'the app was installed without what it needs');
  return notInstalledPage(NOT_INSTALLED.scopes);
}

async function exchange(
  oauth: InstallOptions['oauth'],
  code: string,
  log: Logger,
): Promise<NewInstallation | null> {
  try {
    return await oauth.exchange(code);
  } catch (error) {
    if (!(error instanceof SlackOAuthFailed)) throw error;
    log.warn({ code: error.code, said: error.said }, 'Slack gave no token for a code');
    return null;
  }
}

async function confirm(request: Request, options: InstallOptions): Promise<Response> {
  const { attempts, publicUrl, log } = options;
  if (!isOwnForm(request, publicUrl)) return notInstalledPage(NOT_INSTALLED.form);
  const fields = await formFields(request);
  const handle = fields?.get('handle') ?? '';
  const awaiting = await attempts.awaiting(handle);
  if (awaiting === null) return notInstalledPage(NOT_INSTALLED.attempt);
  if (!isSameBrowser(request, publicUrl, awaiting.browser))
    return notInstalledPage(NOT_INSTALLED.browser);
  if (fields?.get('answer') !== 'yes') return notInstalledPage(NOT_INSTALLED.declined);
  const bound = await attempts.confirm(handle, new URL(publicUrl).hostname);
  const { tenant, name, exchanged } = awaiting;
  if (bound.kind === 'taken') {
    log.warn({ tenant }, 'a workspace of another tenant was to be bound, and was not');
    return notInstalledPage(NOT_INSTALLED.taken);
  }
  if (bound.kind !== 'bound') return notInstalledPage(NOT_INSTALLED.attempt);
  log.info({ tenant, installation: bound.id }, 'the app was installed');
  await options.bound(tenant);
  return installedPage(name, exchanged);
}
