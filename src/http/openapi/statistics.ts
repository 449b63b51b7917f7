import { z } from 'zod';
import { MEASURE_NAMES } from '#application/statistics/columns';
import { DIMENSIONS } from '#application/statistics/summary';
import { MOST_DAYS } from '../statistics-problems.ts';
import { STATISTICS_PATH } from '../statistics-route.ts';
import { json, NO_STORE, problems, schemaOf } from './parts.ts';

const row = z.object({
  ...Object.fromEntries(DIMENSIONS.map((name) => [name, z.string().optional()])),
  ...Object.fromEntries(MEASURE_NAMES.map((name) => [name, z.number().nullable()])),
});

const statistics = z.looseObject({
  since: z.iso.datetime(),
  until: z.iso.datetime(),
  by: z.array(z.enum(DIMENSIONS)),
  rows: z
    .array(row)
    .describe('Times in seconds, shares from 0 to 1; null where nothing was measured.'),
  often: z
    .array(z.object({ gate: z.string(), service: z.string(), times: z.int() }))
    .describe('Opened three times or more in the last 30 days.'),
});

export const statisticsPaths = {
  [STATISTICS_PATH]: {
    get: {
      operationId: 'statistics',
      summary: 'What bypasses say about gates: how often, how fast, how long, what reviews found.',
      security: [{ statisticsToken: [] }],
      parameters: [
        {
          name: 'days',
          in: 'query',
          required: false,
          schema: { type: 'integer', minimum: 1, maximum: MOST_DAYS, default: 90 },
        },
        {
          name: 'by',
          in: 'query',
          required: false,
          description: 'Some of these, with commas.',
          schema: { type: 'string', examples: ['gate', DIMENSIONS.join(',')], default: 'gate' },
        },
      ],
      responses: {
        200: {
          description: 'As of now. Drills are in none of it.',
          headers: NO_STORE,
          content: { ...json('Statistics'), 'text/csv': { schema: { type: 'string' } } },
        },
        ...problems([
          [400, 'The question cannot be read.'],
          [401, 'No token, or none that reads statistics.'],
          [404, 'Nothing is here.'],
          [405, 'Not a GET.'],
          [429, 'This token asks too often.'],
          [503, 'Statistics could not be read.'],
        ]),
      },
    },
  },
};

export const statisticsSchemas = { Statistics: schemaOf(statistics, 'output') };

export const statisticsSecurity = {
  statisticsToken: {
    type: 'http',
    scheme: 'bearer',
    description: 'A token that `breakglass token create --statistics` made.',
  },
};
