import { z } from 'zod';
import { DECISION_KEYS_PATH } from '../decision-keys-route.ts';
import { json, NO_STORE, problems, schemaOf } from './parts.ts';

/** Where the description of the API stands. */
export const OPENAPI_PATH = '/v1/openapi.json';

const ONLY_READ = problems([[405, 'Not a GET.']]);

const keys = {
  operationId: 'decisionKeys',
  summary: 'The public keys of signed decisions (JWK Set, RFC 7517).',
  security: [],
  responses: {
    200: {
      description: 'Keep them for as long as Cache-Control says.',
      content: json('Keys', 'application/jwk-set+json'),
    },
    ...ONLY_READ,
  },
};

const description = {
  operationId: 'openApi',
  summary: 'This description.',
  security: [],
  responses: {
    200: { description: 'OpenAPI 3.1.', content: { 'application/json': { schema: {} } } },
    ...ONLY_READ,
  },
};

const health = (operationId: string, summary: string, ready: string) => ({
  operationId,
  summary,
  security: [],
  responses: {
    200: { description: ready, headers: NO_STORE, content: json('Health') },
    ...ONLY_READ,
  },
});

/** One that may say no. */
const probe = (operationId: string, summary: string, yes: string, no: string) => {
  const { responses, ...rest } = health(operationId, summary, yes);
  const unavailable = { description: no, headers: NO_STORE, content: json('Health') };
  return { get: { ...rest, responses: { ...responses, 503: unavailable } } };
};

/** What anybody may read. */
export const openPaths = {
  [DECISION_KEYS_PATH]: { get: keys },
  [OPENAPI_PATH]: { get: description },
  '/livez': { get: health('live', 'Does the process answer?', 'It does.') },
  '/readyz': probe('ready', 'Can this replica serve?', 'It can.', 'Send it no traffic.'),
  '/startupz': probe('started', 'Is the start over?', 'It is, and stays so.', 'Not yet.'),
};

const key = z.looseObject({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string(),
  kid: z.string(),
  alg: z.literal('EdDSA'),
  use: z.literal('sig'),
});

const state = z.strictObject({
  status: z.enum(['live', 'ready', 'not-ready', 'started', 'starting']),
  reasons: z.array(z.string()).optional(),
});

export const openSchemas = {
  Keys: schemaOf(z.looseObject({ keys: z.array(key) }), 'output'),
  Health: schemaOf(state, 'output'),
};
