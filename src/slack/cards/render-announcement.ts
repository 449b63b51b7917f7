import type { Announcement, CheckpointNews } from '#application/ports/outbound';
import { sentence, small, when } from '../block-kit/blocks.ts';
import { assertMessage, type RenderedMessage } from '../block-kit/check.ts';
import { LIMITS } from '../block-kit/limits.ts';
import { code, cutMarkup, escape } from '../block-kit/text.ts';
import { alarmWords } from '../words/alarms.ts';
import { EVALUATION } from '../words/cards.ts';

/** A message about the log as a whole. @throws BlockKitBroken if Slack would refuse it. */
export function renderAnnouncement(said: Announcement): RenderedMessage {
  if (said.kind === 'checkpoint') return checkpointMessage(said.checkpoint);
  const words = alarmWords(said.alarm);
  const sign = said.alarm.clearedAt === null ? ':rotating_light:' : ':white_check_mark:';
  const text = `${sign} ${words}`;
  return assertMessage({
    text: cutMarkup(text, LIMITS.messageText),
    blocks: [sentence(text), small(`Alarm ${code(said.alarm.id)}`)],
  });
}

/**
 * A checkpoint to be kept. The note stands in a code block: Slack changes nothing in one, so that it
 * can be copied as it was signed.
 */
function checkpointMessage({
  origin,
  size,
  root,
  note,
  evaluation,
}: CheckpointNews): RenderedMessage {
  const head = `Checkpoint of the audit log ${code(origin)}: ${size} entries, root ${code(root)}`;
  return assertMessage({
    text: cutMarkup(head, LIMITS.messageText),
    blocks: [
      ...when(evaluation, small(EVALUATION)),
      sentence(head),
      sentence(`\`\`\`\n${escape(note)}\`\`\``),
      small(
        'Save the note as a file where whoever runs this service cannot change it: `breakglass audit verify --checkpoint` then shows whether the log only grew since.',
      ),
    ],
  });
}
