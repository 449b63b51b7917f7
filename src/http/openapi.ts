import { z } from 'zod';
import { decisionQuestion } from '#application/decision/question';
import { decisionBodySchema } from './decision-body.ts';
import { DECISION_KEYS_PATH } from './decision-keys-route.ts';
import { DECISIONS_PATH } from './decision-routes.ts';
import { methodNotAllowed, type FetchHandler } from './problem.ts';

/** Where the description of the decision API stands. */
export const OPENAPI_PATH = '/v1/openapi.json';

type Schema = Readonly<Record<string, unknown>>;

/** Draft 2020-12, which is what OpenAPI 3.1 takes for a schema. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Schema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io });
  return rest;
}

const problemSchema = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().describe('What happened, and what to do next.'),
  decision: z.literal('enforce'),
  mistakes: z
    .array(z.strictObject({ path: z.string(), mistake: z.string(), write: z.string() }))
    .optional()
    .describe('With status 400: each thing to mend.'),
});

/** The statuses that carry no decision; each means `enforce`. */
const PROBLEMS: readonly (readonly [status: number, what: string])[] = [
  [400, 'The question has mistakes.'],
  [401, 'No token, or one that is not known.'],
  [405, 'Not a POST.'],
  [413, 'The question is too large.'],
  [415, 'The body is not JSON.'],
  [429, 'This token asks too often.'],
  [503, 'No decision could be made in time.'],
];

const json = (name: string, mediaType = 'application/json') => ({
  [mediaType]: { schema: { $ref: `#/components/schemas/${name}` } },
});

const decisionOperation = {
  operationId: 'decide',
  summary: 'May this deploy pass this gate?',
  description:
    'Let the deploy pass only on a 200 within 2 seconds whose jws verifies and says bypass for this gate, deploy and nonce. Everything else means enforce.',
  security: [{ token: [] }],
  requestBody: { required: true, content: json('Question') },
  responses: {
    200: {
      description: 'The decision. Never to be cached.',
      headers: { 'Cache-Control': { schema: { const: 'no-store' } } },
      content: json('Decision'),
    },
    ...Object.fromEntries(
      PROBLEMS.map(([status, what]) => [
        status,
        {
          description: `${what} It means enforce.`,
          content: json('Problem', 'application/problem+json'),
        },
      ]),
    ),
  },
};

const keysOperation = {
  operationId: 'decisionKeys',
  summary: 'The public keys of signed decisions (JWK Set, RFC 7517).',
  security: [],
  responses: {
    200: {
      description: 'Keep them for as long as Cache-Control says.',
      content: json('Keys', 'application/jwk-set+json'),
    },
  },
};

const keysSchema = z.looseObject({
  keys: z.array(
    z.looseObject({
      kty: z.literal('OKP'),
      crv: z.literal('Ed25519'),
      x: z.string(),
      kid: z.string(),
      alg: z.literal('EdDSA'),
      use: z.literal('sig'),
    }),
  ),
});

/** The decision API as OpenAPI 3.1.1, from the very schemas that questions are read by. */
export function openApiDocument(): Schema {
  return {
    openapi: '3.1.1',
    info: {
      title: 'Safeguard Break-glass: decisions',
      version: '1',
      description: 'Asks whether a deploy may pass a gate. Whatever goes wrong, enforce.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    paths: {
      [DECISIONS_PATH]: { post: decisionOperation },
      [DECISION_KEYS_PATH]: { get: keysOperation },
    },
    components: {
      schemas: {
        Question: schemaOf(decisionQuestion, 'input'),
        Decision: schemaOf(decisionBodySchema, 'output'),
        Problem: schemaOf(problemSchema, 'output'),
        Keys: schemaOf(keysSchema, 'output'),
      },
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description:
            'An OIDC token of a caller that the policy names, with the audience breakglass/<tenant>, or a token that `breakglass token create` made.',
        },
      },
    },
  };
}

/** Serves the description. It says nothing of any tenant, so nobody has to ask for leave. */
export function openApiRoute(): FetchHandler {
  const body = JSON.stringify(openApiDocument());
  return (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return methodNotAllowed('GET, HEAD');
    return new Response(request.method === 'HEAD' ? null : body, {
      headers: { 'content-type': 'application/json', 'cache-control': 'public, max-age=300' },
    });
  };
}
