import { z } from 'zod';
import type { MessageRef } from '#application/ports/press';
import { bypassId, type BypassId } from '#domain/ids';

const schema = z.strictObject({
  bypass: z.string().min(1).max(200),
  from: z
    .strictObject({ channel: z.string(), ts: z.string(), team: z.string().exactOptional() })
    .nullable(),
});

/** What a reason's form carries along: which bypass, and the message that was pressed. */
export const reasonMetadata = {
  write: (value: { readonly bypass: BypassId; readonly from: MessageRef | null }): string =>
    JSON.stringify({ bypass: value.bypass, from: value.from }),
  /** @throws ZodError, SyntaxError: only for a view that is not ours. */
  read(text: string): { bypass: BypassId; from: MessageRef | null } {
    const { bypass, from } = schema.parse(JSON.parse(text));
    return { bypass: bypassId(bypass), from };
  },
};
