import { z } from 'zod';

export type Schema = Readonly<Record<string, unknown>>;

/** Draft 2020-12, which is what OpenAPI 3.1 takes for a schema. */
export function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Schema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io });
  return rest;
}

/** Content of this media type, as one of the document's schemas has it. */
export const json = (name: string, mediaType = 'application/json') => ({
  [mediaType]: { schema: { $ref: `#/components/schemas/${name}` } },
});

export type Statuses = readonly (readonly [status: number, what: string])[];

/** Answers that are problem documents (RFC 9457). */
export function problems(statuses: Statuses, schema = 'Problem'): Readonly<Record<number, object>> {
  const content = json(schema, 'application/problem+json');
  return Object.fromEntries(
    statuses.map(([status, description]) => [status, { description, content }]),
  );
}

export const NO_STORE = { 'Cache-Control': { schema: { const: 'no-store' } } };

/** Any problem, and one that also says what a gate does. */
export const problemSchema = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().describe('What happened, and what to do next.'),
});
