import { z } from 'zod';
import { PolicyDocument } from './policy-document.ts';

/**
 * The shape of the policy document as JSON Schema (draft 2020-12), for editors. It knows nothing
 * of what names refer to: `parsePolicyDocument` says more.
 */
export function policyJsonSchema(): Readonly<Record<string, unknown>> {
  const { $schema, ...schema } = z.toJSONSchema(PolicyDocument, {
    target: 'draft-2020-12',
    io: 'input',
  });
  return { $schema, title: 'Safeguard Break-glass policy', ...schema };
}
