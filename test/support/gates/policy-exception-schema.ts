/**
 * The schema of a PolicyException in `policies.kyverno.io/v1`, as its CustomResourceDefinition has it
 * in Kyverno 1.19.1, without the descriptions. Where that definition is at hand, a test compares them.
 */
export interface Schema {
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
  readonly items?: Schema;
}

const text: Schema = { type: 'string' };
const texts: Schema = { type: 'array', items: text };

export const POLICY_EXCEPTION_SPEC: Schema = {
  type: 'object',
  required: ['policyRefs'],
  properties: {
    allowedValues: texts,
    evaluationMode: text,
    expiresAt: { type: 'string', format: 'date-time' },
    images: texts,
    matchConditions: {
      type: 'array',
      items: {
        type: 'object',
        required: ['expression', 'name'],
        properties: { expression: text, name: text },
      },
    },
    policyRefs: {
      type: 'array',
      items: {
        type: 'object',
        required: ['kind', 'name'],
        properties: { kind: text, name: text },
      },
    },
    properties: { type: 'object', additionalProperties: text },
    reportResult: { type: 'string', enum: ['skip', 'pass'], default: 'skip' },
  },
};

/** What is wrong with a value under a structural schema (apiextensions.k8s.io/v1), unknown members too. */
export function schemaMistakes(schema: Schema, value: unknown, at = 'spec'): readonly string[] {
  if (schema.type === 'string') return textMistakes(schema, value, at);
  if (schema.type === 'array') {
    if (!Array.isArray(value)) return [`${at}: no array`];
    const { items = {} } = schema;
    return value.flatMap((one, place) => schemaMistakes(items, one, `${at}[${place}]`));
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [`${at}: no object`];
  const { properties = {}, additionalProperties, required = [] } = schema;
  const members = Object.entries(value);
  const missing = required.filter((name) => !Object.hasOwn(value, name));
  return [
    ...missing.map((name) => `${at}.${name}: required`),
    ...members.flatMap(([name, member]) => {
      const of = Object.hasOwn(properties, name) ? properties[name] : additionalProperties;
      const where = `${at}.${name}`;
      return of === undefined ? [`unknown field "${where}"`] : schemaMistakes(of, member, where);
    }),
  ];
}

/** RFC 3339, as the API server's `date-time` wants it. */
const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

function textMistakes(schema: Schema, value: unknown, at: string): readonly string[] {
  if (typeof value !== 'string') return [`${at}: no text`];
  if (schema.enum !== undefined && !schema.enum.includes(value)) return [`${at}: ${value}`];
  return schema.format === 'date-time' && !DATE_TIME.test(value) ? [`${at}: no date-time`] : [];
}
