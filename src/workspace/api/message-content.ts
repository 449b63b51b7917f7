import { withIds } from '../block-kit/state-values.ts';
import { validateBlocks } from '../block-kit/validate-blocks.ts';
import { generatedId } from '../ids.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import type { Message } from '../store/message.ts';
import { jsonArg, textArg } from './arguments.ts';
import { refuse, refuseWith, type Answer } from './method.ts';

/** What a message says. Fields that were not given are absent. */
export interface MessageContent {
  text?: string;
  blocks?: JsonObject[];
  attachments?: JsonObject[];
  metadata?: JsonObject;
}

/** Reads and checks text, blocks, attachments and metadata; a refusal has `ok: false`. */
export function readContent(args: JsonObject, textLimit: number): MessageContent | Answer {
  const text = textArg(args, 'text');
  if (text !== undefined && text.length > textLimit) return refuse('msg_too_long');
  const blocks = readBlocks(args);
  if (blocks && !Array.isArray(blocks)) return blocks;
  const attachments = jsonArg(args, 'attachments');
  if (attachments.invalid) return refuse('invalid_attachments');
  const metadata = jsonArg(args, 'metadata');
  if (metadata.invalid || !metadataIsSound(metadata.value))
    return refuse('invalid_metadata_format');
  return {
    ...(text !== undefined && { text }),
    ...(blocks && { blocks }),
    ...(Array.isArray(attachments.value) && { attachments: attachments.value as JsonObject[] }),
    ...(isJsonObject(metadata.value) && { metadata: metadata.value }),
  };
}

export function isRefusal(value: object): value is Answer {
  return 'ok' in value && value.ok === false;
}

/** Whether there is anything for a person to see. */
export function isBlank({ text, blocks, attachments }: MessageContent): boolean {
  return !text && !blocks?.length && !attachments?.length;
}

/** The message as `chat.*` and `conversations.*` answer it. */
export function shownMessage(message: Message): JsonObject {
  const { channel: _channel, is_ephemeral: _ephemeral, visible_to: _visibleTo, ...shown } = message;
  return structuredClone(shown);
}

function readBlocks(args: JsonObject): JsonObject[] | Answer | undefined {
  const { value, invalid } = jsonArg(args, 'blocks');
  if (value === undefined && !invalid) return undefined;
  if (invalid || !Array.isArray(value)) return refuse('invalid_blocks_format');
  const problems = validateBlocks(value, 'message');
  if (problems.length > 0) return refuseWith('invalid_blocks', problems);
  return withIds(value as JsonObject[], generatedId);
}

function metadataIsSound(metadata: unknown): boolean {
  if (metadata === undefined) return true;
  if (!isJsonObject(metadata)) return false;
  return typeof metadata['event_type'] === 'string' && isJsonObject(metadata['event_payload']);
}
