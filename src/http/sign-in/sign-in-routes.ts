import { clientAddress } from '../client-address.ts';
import { methodNotAllowed, type FetchHandler } from '../problem.ts';
import { approvalRoute, keysRoute } from './approval-route.ts';
import { askPage } from './ask-page.ts';
import { beginSignIn } from './begin-sign-in.ts';
import { comeBack } from './come-back.ts';
import { confirmBinding } from './confirm-binding.ts';
import { signInTurns, tooOften } from './limits.ts';
import type { SignInOptions } from './options.ts';
import { isOwnForm } from './own-form.ts';
import { signInPath, type SignInPath } from './paths.ts';
import { refusalPage } from './refusal-page.ts';
import { signInRefusalWords } from './refusal-words.ts';
import { CROSS_SITE, FAULT } from './told.ts';
import { refuseSignIn } from '#application/ports/sign-in-refusal';
import { stylesheet } from './style.ts';

/**
 * The pages on which an approver signs in at their identity provider, below `/sign-in`, and what
 * `breakglass approve` asks. A GET of a link shows; only a POST from our own page begins; and the
 * provider's answer counts once, in the browser that began.
 */
export function signInRoutes(options: SignInOptions): FetchHandler {
  const turn = signInTurns(options.monotonicMs ?? (() => performance.now()), options.limits);
  return async (request, sender = { peer: undefined }) => {
    const path = signInPath(new URL(request.url).pathname);
    if (path === null) return unknownLink();
    if (request.method === 'POST') {
      const waitMs = turn(path, clientAddress(request.headers, sender, options.proxies ?? 0));
      if (waitMs > 0) return tooOften(path, waitMs);
    }
    try {
      return await answered(request, path, options);
    } catch (error) {
      // Programs get the problem document that every other route gives; people a page.
      if (path.is === 'approval' || path.is === 'keys') throw error;
      options.log.error({ err: error }, 'a sign-in failed');
      return refusalPage(FAULT, path.is === 'page' ? path.link : null);
    }
  };
}

async function answered(
  request: Request,
  path: SignInPath,
  options: SignInOptions,
): Promise<Response> {
  const reads = request.method === 'GET' || request.method === 'HEAD';
  switch (path.is) {
    case 'style':
      return reads ? stylesheet() : methodNotAllowed('GET, HEAD');
    case 'callback':
      // A HEAD must not use the answer up.
      return request.method === 'GET' ? comeBack(request, options) : methodNotAllowed('GET');
    case 'confirm':
      return request.method === 'POST'
        ? confirmBinding(request, options)
        : methodNotAllowed('POST');
    case 'approval':
      return approvalRoute(request, path.link, options);
    case 'keys':
      return keysRoute(request, path.link, options);
    case 'page':
      if (reads) return show(path.link, options);
      if (request.method !== 'POST') return methodNotAllowed('GET, HEAD, POST');
      return isOwnForm(request, options.publicUrl)
        ? beginSignIn(path.link, options)
        : refusalPage(CROSS_SITE, path.link);
  }
}

async function show(link: string, { signIns, now }: SignInOptions): Promise<Response> {
  const prepared = await signIns.show(link);
  if ('refused' in prepared) return refusalPage(signInRefusalWords(prepared), null);
  return askPage(link, prepared, await now());
}

function unknownLink(): Response {
  return refusalPage(signInRefusalWords(refuseSignIn({ code: 'link-unknown' })), null);
}
