import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import type { ProviderPerson } from './identity-provider.ts';

const PREFIX = '/sign-in/';
const SESSION_S = 3_600;

/**
 * The provider with its page for signing in: one button a person, and one to give up. A local
 * provider asks for no password; whoever presses the button is that person.
 */
export function signInPages(
  provider: Provider,
  people: readonly ProviderPerson[],
): (request: IncomingMessage, response: ServerResponse) => void {
  const callback = provider.callback();
  return (request, response) => {
    if (request.url?.startsWith(PREFIX) !== true) {
      void callback(request, response);
      return;
    }
    signIn(provider, people, request, response).catch((error: unknown) => {
      response.writeHead(400, { 'content-type': 'text/plain' }).end(String(error));
    });
  };
}

async function signIn(
  provider: Provider,
  people: readonly ProviderPerson[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { uid, params, session } = await provider.interactionDetails(request, response);
  if (request.method !== 'POST') {
    response
      .writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
      .end(page(uid, String(params['client_id']), people));
    return;
  }
  const chosen = new URLSearchParams(await bodyOf(request)).get('person') ?? '';
  const person = people.find(({ sub }) => sub === chosen);
  const result =
    person === undefined
      ? { error: 'access_denied', error_description: 'Nobody signed in.' }
      : { login: { accountId: person.sub } };
  const merge = { mergeWithLastSubmission: false };
  const onwards = await provider.interactionResult(request, response, result, merge);
  if (session?.uid !== undefined) await signOut(provider, session.uid);
  response.writeHead(303, { location: onwards }).end();
}

/** Whoever was signed in in this browser before: the one who presses now may be somebody else. */
async function signOut(provider: Provider, uid: string): Promise<void> {
  const session = await provider.Session.findByUid(uid);
  if (session === undefined) return;
  delete session.accountId;
  await session.save(SESSION_S);
}

function page(uid: string, client: string, people: readonly ProviderPerson[]): string {
  const buttons = people.map(
    ({ sub, name, email }) =>
      `<p><button name="person" value="${text(sub)}">${text(name)} (${text(email)})</button></p>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Sign in - local provider</title>
<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<style>body{font:1rem/1.5 system-ui;max-width:28rem;margin:2rem auto;padding:0 1rem}
button{font:inherit;width:100%;padding:.6rem;text-align:left}</style></head>
<body><main><h1>Sign in</h1><p>to ${text(client)}, at the local identity provider. It asks for no
password.</p><form method="post" action="${PREFIX}${text(uid)}">${buttons.join('')}
<p><button name="person" value="">Cancel</button></p></form></main></body></html>`;
}

function text(value: string): string {
  return value.replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
