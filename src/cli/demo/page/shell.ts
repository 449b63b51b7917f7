import { randomBytes } from 'node:crypto';
import type { Context } from 'hono';

/** The page around the client, which may load and frame what is named here and nothing else. */
export function shell(context: Context, workspaceOrigin: string): Response {
  // For the one style element that the client's buttons add.
  const nonce = randomBytes(16).toString('base64');
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "connect-src 'self'",
    "img-src 'self' data:",
    `frame-src ${workspaceOrigin}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  context.header('content-security-policy', policy);
  return context.html(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta property="csp-nonce" nonce="${nonce}" content="${nonce}">
<title>Break-glass: the demo</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/client.css">
</head>
<body>
<div id="root"></div>
<script type="module" src="/client.js"></script>
</body>
</html>`);
}
