import { page } from '../sign-in/document.ts';
import { html } from '../sign-in/html.ts';
import type { Told } from '../sign-in/told.ts';
import { FROM_BESIDE } from './paths.ts';

/** Why nothing was decided, and what to do next. `link` offers to begin anew, where that may help. */
export function refusalPage({ title, text, status, again }: Told, link: string | null): Response {
  const body = html`<h1>${title}</h1>
    <p>${text}</p>
    ${
      again && link !== null
        ? html`<p><a class="button" href="${FROM_BESIDE.link(link)}">Back to the request</a></p>`
        : null
    }
    ${again && link === null ? html`<p>Open the link in your page again to begin anew.</p>` : null}`;
  return page({ title, body, status });
}
