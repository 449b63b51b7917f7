import { page } from './document.ts';
import { html } from './html.ts';

/**
 * Sends the browser to the provider. Not by a redirect: browsers hold the redirects of a form,
 * however many follow, to `form-action`, and a provider may send its people on to another one.
 */
export function goPage(url: string, cookie: string): Response {
  const body = html`<h1>On to ${new URL(url).host}</h1>
    <p>You sign in there, and come back here.</p>
    <p><a class="button" href="${url}">Go on</a></p>`;
  return page({ title: 'Signing in', body, goOnTo: url, cookie });
}
