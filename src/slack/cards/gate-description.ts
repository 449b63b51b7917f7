import type { KnownBlock } from '@slack/types';
import type { BypassCard } from '#application/ports/card';
import { oneLine, plain } from '../block-kit/text.ts';

/** What the gate guards, from the policy. */
export function gateDescription({ gateDescription: text }: BypassCard): KnownBlock[] {
  if (oneLine(text) === '') return [];
  return [{ type: 'context', elements: [plain(`What the gate guards: ${oneLine(text)}`, 500)] }];
}
