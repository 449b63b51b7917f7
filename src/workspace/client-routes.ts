import type { IncomingMessage, ServerResponse } from 'node:http';
import { clientAssets, type ClientAssets } from './client-assets.ts';
import { secretPart } from './ids.ts';

const LOOPBACK_PAGES = 'http://127.0.0.1:* http://localhost:*';

/**
 * The page's own script and nothing else runs. Only pages of this machine may embed it: it acts as
 * any person, and a page elsewhere could lead a visitor's clicks. Pictures that an app names by URL
 * are shown, as Slack shows them. The nonce is for a style sheet that the page's menus add.
 */
const policy = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    `img-src 'self' data: https: ${LOOPBACK_PAGES}`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors 'self' ${LOOPBACK_PAGES}`,
  ].join('; ');

const shell = (nonce: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta property="csp-nonce" nonce="${nonce}">
<title>Workspace</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/client/client.css">
<script type="module" src="/client/client.js"></script>
</head>
<body><div id="root"></div><noscript>This page needs JavaScript.</noscript></body>
</html>
`;

/** Where links of other pages may lead: the page itself, in which its visitor acts and nobody else. */
export const CLIENT_PAGES: ReadonlySet<string> = new Set(['/', '/client', '/client/']);

type Answer = (response: ServerResponse, url: URL) => Promise<void> | void;

/** Serves the page at `/client/`; `/` leads there. False where the path is none of its own. */
export type ServeClient = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

/** The page's routes. It is bundled on the first request for it, so that nobody else waits. */
export function clientRoutes(load: () => Promise<ClientAssets> = bundled): ServeClient {
  const assets = once(load);
  const answers: Record<string, Answer> = {
    '/': toClient,
    '/client': toClient,
    '/client/': (response) => {
      const nonce = secretPart();
      send(response, 'text/html', shell(nonce), policy(nonce));
    },
    '/client/client.js': async (response) =>
      send(response, 'text/javascript', (await assets()).script),
    '/client/client.css': async (response) => send(response, 'text/css', (await assets()).styles),
  };
  return async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const answer = request.method === 'GET' ? answers[url.pathname] : undefined;
    if (!answer) return false;
    await answer(response, url);
    return true;
  };
}

/** One bundle serves every workspace of a process. */
const bundled = once(() => clientAssets(new URL('client/', import.meta.url)));

function toClient(response: ServerResponse, { search }: URL): void {
  response.writeHead(302, { location: `/client/${search}` }).end();
}

function send(
  response: ServerResponse,
  type: string,
  body: string,
  contentPolicy = "default-src 'none'",
): void {
  response.writeHead(200, {
    'content-type': `${type}; charset=utf-8`,
    'content-security-policy': contentPolicy,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  });
  response.end(body);
}

/** Runs once, and again after a failure: a package that was missing may have been installed. */
function once<T>(run: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  return () => {
    running ??= run().catch((error: unknown) => {
      running = undefined;
      throw error;
    });
    return running;
  };
}
