import { z } from 'zod';

const schema = z.strictObject({ drill: z.boolean() });

/** Whether the form was opened as a drill. @throws ZodError, SyntaxError: only for a view that is not ours. */
export const drillOf = (privateMetadata: string): boolean =>
  schema.parse(JSON.parse(privateMetadata)).drill;
