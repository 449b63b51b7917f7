import { z } from 'zod';
import { decisionQuestion } from '#application/decision/question';
import { decisionBodySchema } from '../decision-body.ts';
import { DECISIONS_PATH } from '../decision-routes.ts';
import { MEDIA_TYPES } from '../gate-members.ts';
import { MEMBERS } from '../gate-question.ts';
import { GATES_PATH } from '../gate-route.ts';
import { json, NO_STORE, problems, problemSchema, schemaOf, type Statuses } from './parts.ts';

/** The statuses that carry no decision; each means `enforce`. */
const ASKING: Statuses = [
  [400, 'The question has mistakes. It means enforce.'],
  [401, 'No token, or one that is not known. It means enforce.'],
  [405, 'Not a POST. It means enforce.'],
  [413, 'The question is too large. It means enforce.'],
  [415, 'The body cannot be read. It means enforce.'],
  [429, 'This token or this address asks too often. It means enforce.'],
  [503, 'No decision could be made in time. It means enforce.'],
];

const decide = {
  operationId: 'decide',
  summary: 'May this deploy pass this gate?',
  description:
    'Let the deploy pass only on a 200 within 2 seconds whose jws verifies and says bypass for this gate, deploy and nonce. Everything else means enforce.',
  security: [{ token: [] }],
  requestBody: { required: true, content: json('Question') },
  responses: {
    200: {
      description: 'The decision. Never to be cached.',
      headers: NO_STORE,
      content: json('Decision'),
    },
    ...problems(ASKING, 'Enforced'),
  },
};

const BY_STATUS: Statuses = [
  ...ASKING,
  [403, 'The gate enforces.'],
  [404, 'No gate is named. It means enforce.'],
];

const gateParameter = {
  name: 'gate',
  in: 'path',
  required: true,
  description: 'As the policy names it.',
  schema: { type: 'string' },
};

const flatBody = Object.assign({}, ...MEDIA_TYPES.map((type) => json('FlatQuestion', type)));

const askByStatus = {
  operationId: 'askByStatus',
  summary: 'The same for tools that read a status alone: 200 is bypass, 403 is enforce.',
  description:
    'The members of the question stand in the body, or in the query by the same names, each once. The webhooks of Flagger are taken as they are, with the members in their metadata.',
  security: [{ token: [] }, { password: [] }],
  parameters: [gateParameter],
  requestBody: { required: false, content: flatBody },
  responses: {
    200: {
      description: 'A bypass covers the deploy. Never to be cached.',
      headers: {
        ...NO_STORE,
        'Breakglass-Entry': { schema: { type: 'string' } },
        'Breakglass-Expires': { schema: { type: 'string', format: 'date-time' } },
        'Breakglass-Decision': { schema: { type: 'string' } },
      },
      content: json('UnsignedDecision'),
    },
    ...problems(BY_STATUS, 'Enforced'),
  },
};

const askIfEnded = {
  ...askByStatus,
  operationId: 'askIfEnded',
  summary: 'The answer turned round, for the rollback hook of Flagger and nothing else.',
  description: 'It takes the payload of Flagger alone.',
  responses: {
    200: {
      description: 'It is certain that no bypass covers the deploy any more.',
      headers: NO_STORE,
      content: json('UnsignedDecision'),
    },
    ...problems(BY_STATUS, 'Enforced'),
    ...problems([[409, 'A bypass covers the deploy, or the canary is not under way.']]),
  },
};

export const askingPaths = {
  [DECISIONS_PATH]: { post: decide },
  [`${GATES_PATH}/{gate}`]: { post: askByStatus },
  [`${GATES_PATH}/{gate}/ended`]: { post: askIfEnded },
};

const text = (what: string) => z.string().describe(what);
const needed = ['service', 'environment', 'deploy'];
const flatQuestion = z.strictObject(
  Object.fromEntries(
    Object.entries(MEMBERS).map(([name, what]) => [
      name,
      needed.includes(name) ? text(what) : text(what).optional(),
    ]),
  ),
);

const enforced = problemSchema.extend({
  decision: z.literal('enforce'),
  mistakes: z
    .array(z.strictObject({ path: z.string(), mistake: z.string(), write: z.string() }))
    .optional()
    .describe('With status 400: each thing to mend.'),
});

export const askingSchemas = {
  Question: schemaOf(decisionQuestion, 'input'),
  FlatQuestion: schemaOf(flatQuestion, 'input'),
  Decision: schemaOf(decisionBodySchema, 'output'),
  UnsignedDecision: schemaOf(decisionBodySchema.omit({ jws: true, detail: true }), 'output'),
  Enforced: schemaOf(enforced, 'output'),
};
