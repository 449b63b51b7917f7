import type { Announcement, CheckpointNews } from '#application/ports/outbound';
import { sentence, small, when } from '../block-kit/blocks.ts';
import { assertMessage, type RenderedMessage } from '../block-kit/check.ts';
import { LIMITS } from '../block-kit/limits.ts';
import { cutMarkup, escape } from '../block-kit/text.ts';
import { en, type Words } from '../words/words.ts';

/** A message about the log as a whole. @throws BlockKitBroken if Slack would refuse it. */
export function renderAnnouncement(said: Announcement, words: Words = en): RenderedMessage {
  if (said.kind === 'checkpoint') return checkpointMessage(said.checkpoint, words);
  const text = words.signedAlarm(said.alarm);
  return assertMessage({
    text: cutMarkup(text, LIMITS.messageText),
    blocks: [sentence(text), small(words.alarmName(said.alarm))],
  });
}

/**
 * A checkpoint to be kept. The note stands in a code block: Slack changes nothing in one, so that it
 * can be copied as it was signed.
 */
function checkpointMessage(checkpoint: CheckpointNews, words: Words): RenderedMessage {
  const head = words.checkpointWords(checkpoint);
  return assertMessage({
    text: cutMarkup(head, LIMITS.messageText),
    blocks: [
      ...when(checkpoint.evaluation, small(words.EVALUATION)),
      sentence(head),
      sentence(`\`\`\`\n${escape(checkpoint.note)}\`\`\``),
      small(words.KEEP_CHECKPOINT),
    ],
  });
}
