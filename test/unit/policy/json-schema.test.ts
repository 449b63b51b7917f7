import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { casesJsonSchema, policyJsonSchema } from '#application/policy/policy-json-schema';

const published = (file = 'policy.schema.json'): unknown =>
  JSON.parse(readFileSync(new URL(`../../../docs/${file}`, import.meta.url), 'utf8'));

describe('the published JSON Schema', () => {
  // To publish one anew: `breakglass policy schema [--cases]` into the file, and `npm run format`.
  it('is the one that the parser reads by', () => {
    expect(published()).toEqual(policyJsonSchema());
  });

  it('is the one that cases are read by', () => {
    expect(published('policy-tests.schema.json')).toEqual(casesJsonSchema());
  });

  it('is of draft 2020-12 and refuses keys that it does not know', () => {
    expect(policyJsonSchema()).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      additionalProperties: false,
      properties: { tiers: { additionalProperties: { additionalProperties: false } } },
    });
  });

  it('asks for what the parser cannot do without, and for nothing more', () => {
    expect(policyJsonSchema()).toMatchObject({
      required: [
        'version',
        'tenant',
        'services',
        'gates',
        'groups',
        'requesters',
        'tiers',
        'default',
      ],
    });
  });
});
