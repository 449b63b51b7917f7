import { z } from 'zod';
import type { JsonValue } from '#ledger/canonical-json';
import type { Completed, HandedIn, PreparedApproval } from '#application/ports/sign-in';
import type { SignInRefusal } from '#application/ports/sign-in-refusal';
import type { SignedIn } from '#application/ports/identity-provider';
import { methodNotAllowed, problem } from '../problem.ts';
import { readBody } from '../read-body.ts';
import { preparedBody } from './prepared-body.ts';
import type { SignInOptions } from './options.ts';
import { recordedKeys } from './recorded-keys.ts';
import { logFailure } from './provider-refused.ts';
import { providerWords } from './provider-words.ts';
import { signInRefusalWords } from './refusal-words.ts';
import type { Told } from './told.ts';

const MAX_BODY_BYTES = 128 * 1024;
const BODY_TIMEOUT_MS = 10_000;

/** What `breakglass approve` hands in. */
const handedIn = z.strictObject({
  bundle: z.custom<JsonValue>((value) => typeof value === 'object' && value !== null),
  idToken: z.string().min(1).max(16_384),
  /** The person has seen both accounts, and says that they are theirs. */
  bind: z.boolean().default(false),
});

/**
 * What comes before the sign-in: the provider's keys are recorded, so that a witness has seen them
 * earlier than the token's time. `POST`, as it may write an entry.
 */
export async function keysRoute(
  request: Request,
  link: string,
  options: SignInOptions,
): Promise<Response> {
  if (request.method !== 'POST') return methodNotAllowed('POST');
  // Who has no link does not get the provider asked.
  const shown = await options.signIns.show(link);
  if ('refused' in shown) return refused(shown);
  const published = await options.provider.keys();
  if ('failed' in published) {
    logFailure(published, options.log);
    return told(providerWords(published.failed), published.failed);
  }
  const relied = await options.signIns.relyOn(link, published.keys);
  return 'refused' in relied ? refused(relied) : json({ entry: relied.entry });
}

/**
 * `GET` gives the approval to sign, `POST` takes it signed, for `breakglass approve`. JSON alone is
 * read, which no page of another site can send without being asked first (Fetch, CORS preflight).
 */
export async function approvalRoute(
  request: Request,
  link: string,
  options: SignInOptions,
): Promise<Response> {
  if (request.method === 'GET') return prepared(link, options);
  if (request.method !== 'POST') return methodNotAllowed('GET, POST');
  const body = await jsonBody(request);
  if (body === null) return told(MALFORMED, 'malformed');
  const parsed = handedIn.safeParse(body);
  if (!parsed.success) return told(MALFORMED, 'malformed');
  return take(link, parsed.data, options);
}

async function prepared(link: string, options: SignInOptions): Promise<Response> {
  const shown = await options.signIns.show(link);
  if ('refused' in shown) return refused(shown);
  if (shown.provider.ownKeyClient === null) return told(NO_OWN_KEY, 'own-key-not-offered');
  return json(preparedBody(shown, shown.provider.ownKeyClient, options.sigstore));
}

async function take(
  link: string,
  { bundle, idToken, bind }: z.infer<typeof handedIn>,
  options: SignInOptions,
): Promise<Response> {
  const { signIns } = options;
  const shown = await signIns.show(link);
  if ('refused' in shown) return refused(shown);
  const signedIn = await verified(idToken, shown, options);
  if ('failed' in signedIn) {
    logFailure(signedIn, options.log);
    return told(providerWords(signedIn.failed), signedIn.failed);
  }
  const recorded = await recordedKeys(link, signedIn, options);
  if ('refused' in recorded) return refused(recorded);
  const { signIn } = signedIn;
  const checked = await signIns.check(link, signIn);
  if ('refused' in checked && (checked.code !== 'not-bound' || !bind)) return refused(checked);
  const handed: HandedIn = { bundle, idToken, signIn, keys: recorded.entry };
  const first = await signIns.complete(link, handed);
  if (!('refused' in first)) return json(completedBody(first));
  if (first.code !== 'not-bound' || !bind) return refused(first);
  // The signature is good for this statement and this sign-in, so the token is no other act's.
  const bound = await signIns.bind(link, signIn);
  if ('refused' in bound) return refused(bound);
  const completed = await signIns.complete(link, handed);
  return 'refused' in completed ? refused(completed) : json(completedBody(completed));
}

/** Only the own key's client: on a token of ours, the key could have been the service's. */
async function verified(
  idToken: string,
  { provider: { ownKeyClient } }: PreparedApproval,
  { provider, now }: SignInOptions,
): Promise<SignedIn | { readonly failed: 'token-audience' } | Failed> {
  if (ownKeyClient === null) return { failed: 'token-audience' };
  return provider.verify(idToken, [ownKeyClient], await now());
}

type Failed = Exclude<Awaited<ReturnType<SignInOptions['provider']['verify']>>, SignedIn>;

async function jsonBody(request: Request): Promise<unknown> {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') return null;
  const text = await readBody(request, MAX_BODY_BYTES, AbortSignal.timeout(BODY_TIMEOUT_MS));
  if (typeof text !== 'string') return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function completedBody({ activated, card }: Completed) {
  return {
    completed: true,
    activated,
    expiresAt: card.grant === null ? null : new Date(card.grant.expiresAt).toISOString(),
    receipt: card.receipt,
  };
}

const refused = (refusal: SignInRefusal): Response =>
  told(signInRefusalWords(refusal), refusal.code);

function told({ status, title, text }: Told, code: string): Response {
  return problem({ status, title, detail: text, members: { code } });
}

const json = (body: object): Response =>
  Response.json(body, {
    headers: { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
  });

const MALFORMED: Told = {
  title: 'What was handed in cannot be read',
  text: 'Nothing was approved. Use the same version of breakglass as the service.',
  status: 400,
  again: false,
};

const NO_OWN_KEY: Told = {
  title: 'Own keys are not offered here',
  text: 'Nothing was approved. Open the link in a browser, and sign in there.',
  status: 409,
  again: false,
};
