import { refuseLink } from '#application/ports/decide-links';
import { clientAddress } from '../client-address.ts';
import { methodNotAllowed, type FetchHandler } from '../problem.ts';
import { isSameBrowser } from '../sign-in/browser-cookie.ts';
import { signInTurns } from '../sign-in/limits.ts';
import { formFields, isOwnForm } from '../sign-in/own-form.ts';
import { CALLBACK_PATH } from '../sign-in/paths.ts';
import { stylesheet } from '../sign-in/style.ts';
import type { Told } from '../sign-in/told.ts';
import { begin } from './begin.ts';
import { choose } from './choose.ts';
import { comeBack } from './come-back.ts';
import { tooOften } from './limits.ts';
import { linkPage } from './link-page.ts';
import type { DecideOptions } from './options.ts';
import { decidePath, type DecidePath } from './paths.ts';
import { donePage, judgingPage, signingPage } from './progress-page.ts';
import { refusalPage } from './refusal-page.ts';
import { linkRefusalWords, NOTHING } from './refusal-words.ts';
import { requestPage } from './request-page.ts';

/**
 * The pages on which people decide without Slack, below `/decide`, and the provider's answers to what
 * began there. A GET of a link shows; only a POST from our own page signs in or decides; and the
 * provider's answer counts once, in the browser that began.
 */
export function decideRoutes(options: DecideOptions): FetchHandler {
  const turn = signInTurns(options.monotonicMs ?? (() => performance.now()), options.limits);
  return async (request, sender = { peer: undefined }) => {
    const { pathname } = new URL(request.url);
    const path = pathname === CALLBACK_PATH ? ({ is: 'callback' } as const) : decidePath(pathname);
    if (path === null) return refused(refuseLink({ code: 'link-unknown' }));
    const link = path.is === 'link' ? path.link : null;
    if (request.method === 'POST') {
      const counted = link === null ? ({ is: 'confirm' } as const) : { is: 'page' as const, link };
      const waitMs = turn(counted, clientAddress(request.headers, sender, options.proxies ?? 0));
      if (waitMs > 0) return tooOften(waitMs, link);
    }
    try {
      return await answered(request, path, options);
    } catch (error) {
      options.log.error({ err: error }, 'deciding by a link failed');
      return refusalPage(FAULT, link);
    }
  };
}

async function answered(
  request: Request,
  path: DecidePath | { readonly is: 'callback' },
  options: DecideOptions,
): Promise<Response> {
  const { method } = request;
  const reads = method === 'GET' || method === 'HEAD';
  switch (path.is) {
    case 'style':
      return reads ? stylesheet() : methodNotAllowed('GET, HEAD');
    case 'callback':
      // A HEAD must not use the answer up.
      return method === 'GET' ? comeBack(request, options) : methodNotAllowed('GET');
    case 'link':
      if (reads) return show(path.link, options);
      if (method !== 'POST') return methodNotAllowed('GET, HEAD, POST');
      return isOwnForm(request, options.publicUrl)
        ? begin(path.link, options)
        : refusalPage(CROSS_SITE, path.link);
    case 'request':
      if (reads) return where(request, options);
      return method === 'POST' ? decided(request, options) : methodNotAllowed('GET, HEAD, POST');
  }
}

async function show(link: string, { links, now }: DecideOptions): Promise<Response> {
  const view = await links.show(link);
  return 'refused' in view ? refused(view) : linkPage(link, view, await now());
}

async function where(request: Request, { links, publicUrl }: DecideOptions): Promise<Response> {
  const handle = new URL(request.url).searchParams.get('at') ?? '';
  const found = await links.where(handle, (browser) => isSameBrowser(request, publicUrl, browser));
  if ('refused' in found) return refused(found);
  switch (found.at) {
    case 'deciding':
      return requestPage(handle, found);
    case 'judging':
      return judgingPage(handle);
    case 'signing':
      return signingPage(found.link);
    case 'done':
      return donePage(found.card);
  }
}

/** A reason may be this long in any script, as a form encodes it. */
const MAX_FORM_BYTES = 16 * 1024;

async function decided(request: Request, options: DecideOptions): Promise<Response> {
  const own = isOwnForm(request, options.publicUrl);
  const fields = own ? await formFields(request, MAX_FORM_BYTES) : null;
  return fields === null ? refusalPage(CROSS_SITE, null) : choose(request, fields, options);
}

function refused(refusal: Parameters<typeof linkRefusalWords>[0]): Response {
  const { told, link } = linkRefusalWords(refusal);
  return refusalPage(told, link);
}

/** A form that another site sent, or a browser that does not say which one did. */
const CROSS_SITE: Told = {
  title: 'This did not come from our page',
  text: `${NOTHING} Open the link in your page again, and press the button there.`,
  status: 403,
  again: false,
};

/** A fault of ours. It is not known how far it got. */
const FAULT: Told = {
  title: 'Something went wrong here',
  text: 'Open the link again: it shows how the request stands. If it goes on, tell those who run this service.',
  status: 500,
  again: true,
};
