import type { KnownBlock } from '@slack/types';
import type { Surface } from '#application/ports/surface';
import { small, when } from '../block-kit/blocks.ts';
import { assertMessage, type RenderedMessage } from '../block-kit/check.ts';
import { en, type Words } from '../words/words.ts';

const MARK = /^[^:]*:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/**
 * The card as one message among others that may show it. Its rows of buttons are named after the
 * surface, and that name comes back with each press: so a press on a message that we do not know of
 * says what it is a copy of. @throws BlockKitBroken if Slack would refuse it.
 */
export function markedCard(
  { id, unanswered }: Pick<Surface, 'id' | 'unanswered'>,
  { text, blocks }: RenderedMessage,
  words: Words = en,
): RenderedMessage {
  const twice = when(unanswered > 0, small(words.MAY_STAND_TWICE));
  return assertMessage({ text, blocks: [...blocks.map((block) => marked(block, id)), ...twice] });
}

/** The surface that a pressed row belongs to; `null` for a row without a mark. */
export const surfaceOf = (blockId: string | undefined): string | null =>
  MARK.exec(blockId ?? '')?.[1] ?? null;

const marked = (block: KnownBlock, surface: string): KnownBlock =>
  block.type === 'actions' ? { ...block, block_id: `${block.block_id ?? ''}:${surface}` } : block;
