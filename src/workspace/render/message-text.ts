import type { StateValues } from '../block-kit/state-values.ts';
import type { Message } from '../store/message.ts';
import { renderBlocks } from './blocks.ts';
import { renderMrkdwn } from './mrkdwn.ts';
import type { Reader } from './reader.ts';

/**
 * A message as a person sees it, in plain text: blocks where there are any, else the text.
 * `values` is what the reader has chosen in its inputs; by default what they start with.
 */
export function renderMessageText(
  message: Pick<Message, 'text' | 'blocks'>,
  reader: Reader & { values?: StateValues } = {},
): string {
  if (!message.blocks?.length) return renderMrkdwn(message.text, reader);
  return renderBlocks(message.blocks, reader, reader.values);
}
