import { page } from './document.ts';
import { html } from './html.ts';
import { BESIDE } from './paths.ts';
import type { Told } from './told.ts';

/** Why nothing was approved, and what to do next. `link` offers to try again, where that may help. */
export function refusalPage({ title, text, status, again }: Told, link: string | null): Response {
  const body = html`<h1>${title}</h1>
    <p>${text}</p>
    ${
      again && link !== null
        ? html`<p><a class="button" href="${BESIDE.page(link)}">Back to the request</a></p>`
        : null
    }
    ${
      again && link === null
        ? html`<p>Open the link in your Slack message again to begin anew.</p>`
        : null
    }`;
  return page({ title, body, status });
}
