import { z } from 'zod';
import { CaseDocument } from './cases/case-document.ts';
import { PolicyDocument } from './policy-document.ts';

/**
 * The shape of the policy document as JSON Schema (draft 2020-12), for editors. It knows nothing
 * of what names refer to: `parsePolicyDocument` says more.
 */
export function policyJsonSchema(): Readonly<Record<string, unknown>> {
  return jsonSchema('Safeguard Break-glass policy', PolicyDocument);
}

/** The same of the cases beside a policy. */
export function casesJsonSchema(): Readonly<Record<string, unknown>> {
  return jsonSchema('Cases of a Safeguard Break-glass policy', CaseDocument);
}

function jsonSchema(title: string, document: z.ZodType): Readonly<Record<string, unknown>> {
  const options = { target: 'draft-2020-12', io: 'input' } as const;
  const { $schema, ...schema } = z.toJSONSchema(document, options);
  return { $schema, title, ...schema };
}
