import { html, type Html } from './html.ts';
import { BESIDE } from './paths.ts';

export interface Page {
  readonly title: string;
  readonly body: Html;
  readonly status?: number;
  /** Where the browser goes on by itself. It is no answer to a form, so no form rule binds it. */
  readonly goOnTo?: string;
  /** In seconds; at once unless given. */
  readonly goOnAfterS?: number;
  readonly cookie?: string;
}

/**
 * The link in the address is a secret, and the page leads to an approval: nothing is loaded but one
 * stylesheet, nothing runs, nothing frames it, nothing keeps it, and no address is told to anyone.
 */
const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'x-robots-tag': 'noindex, nofollow',
};

/** A whole page. */
export function page({
  title,
  body,
  status = 200,
  goOnTo,
  goOnAfterS = 0,
  cookie,
}: Page): Response {
  const refresh =
    goOnTo === undefined
      ? null
      : html`<meta http-equiv="refresh" content="${goOnAfterS}; url=${goOnTo}" />`;
  const { source } = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · Break-glass</title>
        <link rel="stylesheet" href="${BESIDE.style}" />
        ${refresh}
      </head>
      <body>
        <main>${body}</main>
      </body>
    </html> `;
  const headers = new Headers(HEADERS);
  if (cookie !== undefined) headers.append('set-cookie', cookie);
  return new Response(source, { status, headers });
}
