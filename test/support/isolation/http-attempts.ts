import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { Webhook } from 'standardwebhooks';
import { openApiDocument } from '#http/openapi';
import { DECIDE_PATH } from '#http/decide/paths';
import { SIGN_IN_PATH } from '#http/sign-in/paths';
import { OPA_WATCH_PATH } from '#gates/opa/watch/watch-route';
import { WATCH_TOKEN } from './served.ts';

/** What is another tenant's, or nobody's. */
export interface Named {
  readonly bypass: string;
  /** `sha256:…` of an entry. */
  readonly entry: string;
  /** Beyond the end of the log of whoever tries. */
  readonly index: number;
  readonly deploy: string;
  readonly tenant: string;
  /** A link of 43 characters. */
  readonly link: string;
}

/** What the tenant has that tries. */
export interface Means {
  readonly decisionToken: string;
  readonly logToken: string;
  readonly statisticsToken: string;
  /** Of Standard Webhooks. */
  readonly incidentSecret: string;
}

export interface Attempt {
  readonly name: string;
  readonly path: string;
  readonly init: RequestInit;
}

interface Operation {
  readonly operationId: string;
  readonly security?: readonly Readonly<Record<string, unknown>>[];
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: object;
}

/** A request for each operation of the API, and for each address that is no part of it. */
export function httpAttempts(
  means: Means,
  named: Named,
  /** Where the service listens: forms come from its own pages. */
  url: string,
): readonly Attempt[] {
  const paths = openApiDocument()['paths'] as Readonly<
    Record<string, Readonly<Record<string, Operation>>>
  >;
  const described = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) =>
      attemptAt(path, method, operation, means, named),
    ),
  );
  return [...described, ...pages(named, url), observed(named)];
}

/** @throws RangeError for a parameter or body that nobody said how to try: say it below. */
function attemptAt(
  path: string,
  method: string,
  operation: Operation,
  means: Means,
  named: Named,
): Attempt {
  const query = new URLSearchParams();
  let filled = path;
  for (const { name, in: where } of operation.parameters ?? []) {
    const value = parameterOf(name, named);
    if (where === 'path') filled = filled.replace(`{${name}}`, encodeURIComponent(value));
    else query.set(name, value);
  }
  const body = operation.requestBody === undefined ? null : bodyOf(operation.operationId, named);
  return {
    name: operation.operationId,
    path: query.size === 0 ? filled : `${filled}?${query.toString()}`,
    init: {
      method: method.toUpperCase(),
      headers: { 'content-type': 'application/json', ...credentials(operation, means, body) },
      body,
    },
  };
}

function parameterOf(name: string, { index, tenant }: Named): string {
  const values: Readonly<Record<string, string>> = {
    index: String(index),
    size: String(index + 1),
    from: String(index),
    to: String(index + 1),
    tenant,
    gate: 'image-policy',
    cosigned: 'yes',
    days: '90',
    by: 'gate,service',
  };
  const value = values[name];
  if (value === undefined) throw new RangeError(`how is ${name} tried?`);
  return value;
}

function bodyOf(operation: string, { deploy, bypass }: Named): string {
  const place = { service: 'checkout', environment: 'production' };
  const bodies: Readonly<Record<string, object>> = {
    decide: {
      ...place,
      gate: 'image-policy',
      deploy: { id: deploy, attempt: 1 },
      phase: 'finish',
      outcome: 'succeeded',
      nonce: 'n-0123456789',
    },
    askByStatus: { ...place, deploy, phase: 'recheck' },
    askIfEnded: {
      name: deploy,
      namespace: 'shop',
      phase: 'Progressing',
      metadata: { ...place, deploy },
    },
    incidentOver: { incident: bypass, status: 'resolved' },
  };
  const body = bodies[operation];
  if (body === undefined) throw new RangeError(`what is sent to ${operation}?`);
  return JSON.stringify(body);
}

function credentials(
  { security = [] }: Operation,
  { decisionToken, logToken, statisticsToken, incidentSecret }: Means,
  body: string | null,
): Readonly<Record<string, string>> {
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const [scheme] = security.flatMap(Object.keys);
  switch (scheme) {
    case undefined:
      return {};
    case 'token':
      return bearer(decisionToken);
    case 'logToken':
      return bearer(logToken);
    case 'statisticsToken':
      return bearer(statisticsToken);
    case 'standardWebhooks': {
      const at = new Date();
      const signature = new Webhook(incidentSecret).sign('msg_1', at, body ?? '');
      return {
        'webhook-id': 'msg_1',
        'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
        'webhook-signature': signature,
      };
    }
    default:
      throw new RangeError(`who may ask by ${scheme}?`);
  }
}

/** The pages that people come to by a link: with ids in place of links, and with what is stored of one. */
function pages({ bypass, link }: Named, url: string): readonly Attempt[] {
  const own = { origin: new URL(url).origin, 'sec-fetch-site': 'same-origin' };
  const form = (fields: Readonly<Record<string, string>>): RequestInit => ({
    method: 'POST',
    headers: own,
    body: new URLSearchParams(fields),
  });
  const stored = createHash('sha256').update(link).digest('base64url');
  return [bypass, stored].flatMap((id) => [
    ...[SIGN_IN_PATH, DECIDE_PATH].flatMap((under) => [
      { name: `GET ${under}`, path: `${under}/${id}`, init: {} },
      { name: `POST ${under}`, path: `${under}/${id}`, init: form({}) },
    ]),
    { name: 'callback', path: `${SIGN_IN_PATH}/callback?state=${id}&code=x`, init: {} },
    { name: 'confirm', path: `${SIGN_IN_PATH}/confirm`, init: form({ at: id }) },
    { name: 'approval', path: `${SIGN_IN_PATH}/${id}/approval`, init: { method: 'POST' } },
    { name: 'keys', path: `${SIGN_IN_PATH}/${id}/keys`, init: { method: 'POST' } },
    { name: 'where', path: `${DECIDE_PATH}/request?at=${id}`, init: {} },
    { name: 'decided', path: `${DECIDE_PATH}/request`, init: form({ at: id, choice: 'deny' }) },
  ]);
}

/** A gate system that says that another tenant's bypass was used. */
function observed({ bypass, entry, deploy }: Named): Attempt {
  const facts = {
    gate: 'image-policy',
    service: 'checkout',
    environment: 'production',
    branch: null,
    artifact: null,
  };
  const result = { decision: 'bypass', bypass, entry, facts, deploy: `${deploy}#1` };
  const event = { decision_id: bypass, timestamp: new Date().toISOString(), result };
  return {
    name: 'opa',
    path: OPA_WATCH_PATH,
    init: {
      method: 'POST',
      headers: { authorization: `Bearer ${WATCH_TOKEN}`, 'content-encoding': 'gzip' },
      body: gzipSync(JSON.stringify([event])),
    },
  };
}
