import { z } from 'zod';

/** Text that the log can hold: PostgreSQL takes no NUL, canonical JSON (RFC 8785 §3.2.2.2) no lone surrogate. */
const isStorable = (value: string): boolean => value.isWellFormed() && !value.includes('\0');
const NOT_STORABLE = 'it has characters that cannot be stored';

const text = z.string().min(1).max(255).refine(isStorable, NOT_STORABLE);

/** The request of `POST /v1/decisions`. Unknown members are refused, so that a misspelt scope is no wider scope. */
export const decisionQuestion = z.strictObject({
  gate: text,
  service: text,
  environment: text,
  branch: text.optional(),
  commit: text.optional(),
  artifact: z
    .strictObject({ name: text, digest: z.string().regex(/^[a-z0-9]+:[0-9a-f]{32,128}$/) })
    .optional(),
  deploy: z.strictObject({
    id: text,
    attempt: z.int().min(1).max(1_000_000),
    url: z
      .url({ protocol: /^https?$/ })
      .max(2_000)
      .refine(isStorable, NOT_STORABLE)
      .optional(),
    actor: text.optional(),
  }),
  phase: z.enum(['start', 'recheck', 'finish']),
  outcome: z.enum(['succeeded', 'failed', 'cancelled']).optional(),
  check: z.strictObject({ name: text, result: text }).optional(),
  provenance: z
    .strictObject({
      uri: z.url().max(2_000).refine(isStorable, NOT_STORABLE),
      digest: z.string().regex(/^[a-z0-9]+:[0-9a-f]{32,128}$/),
    })
    .optional(),
  nonce: z.string().min(8).max(128),
  /** For who keeps evidence of a refusal too: without it, an `enforce` at the start is not signed. */
  signed: z.literal('always').optional(),
});

export type DecisionQuestion = z.infer<typeof decisionQuestion>;
