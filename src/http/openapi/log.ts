import { z } from 'zod';
import { LOG_PATH } from '../log-routes.ts';
import { json, NO_STORE, problems, schemaOf } from './parts.ts';

const number = (name: string, where: 'query' | 'path' = 'query') => ({
  name,
  in: where,
  required: true,
  schema: { type: 'integer', minimum: 0 },
});

const NOTE = { 'text/plain': { schema: { type: 'string' } } };

function reading(
  operationId: string,
  summary: string,
  content: object,
  parameters: readonly object[] = [],
) {
  return {
    get: {
      operationId,
      summary,
      security: [{ logToken: [] }],
      parameters,
      responses: {
        200: { description: 'As it stands in the log.', headers: NO_STORE, content },
        ...problems([
          [400, 'The question cannot be read.'],
          [401, 'No token, or none that reads the log.'],
          [404, 'There is no such entry, size or checkpoint.'],
          [405, 'Not a GET.'],
          [429, 'This token asks too often.'],
          [503, 'The log could not be read.'],
        ]),
      },
    },
  };
}

export const logPaths = {
  [`${LOG_PATH}/checkpoint`]: reading(
    'checkpoint',
    'The newest checkpoint (C2SP tlog-checkpoint).',
    NOTE,
    [
      {
        name: 'cosigned',
        in: 'query',
        required: false,
        description: 'The newest that enough witnesses have signed.',
        schema: { const: 'yes' },
      },
    ],
  ),
  [`${LOG_PATH}/proof/inclusion`]: reading(
    'inclusionProof',
    'That an entry is in the log (RFC 6962 §2.1.1).',
    json('Proof'),
    [number('index'), number('size')],
  ),
  [`${LOG_PATH}/proof/consistency`]: reading(
    'consistencyProof',
    'That one log continues another (RFC 6962 §2.1.2).',
    json('Proof'),
    [number('from'), number('to')],
  ),
  [`${LOG_PATH}/entries/{index}.tlog-proof`]: reading(
    'entryProof',
    'The proof file of an entry (C2SP tlog-proof).',
    NOTE,
    [number('index', 'path')],
  ),
};

export const logSchemas = {
  Proof: schemaOf(z.looseObject({ proof: z.array(z.base64()) }), 'output'),
};

export const logSecurity = {
  logToken: {
    type: 'http',
    scheme: 'bearer',
    description: 'A token that `breakglass token create --log` made.',
  },
};
