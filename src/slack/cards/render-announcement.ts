import type { DigestNews } from '#application/ports/digests';
import type { Announcement, CheckpointNews, PolicyNews } from '#application/ports/outbound';
import { sentence, small, when } from '../block-kit/blocks.ts';
import { assertMessage, type RenderedMessage } from '../block-kit/check.ts';
import { LIMITS } from '../block-kit/limits.ts';
import { cutMarkup, escape } from '../block-kit/text.ts';
import { en, type Words } from '../words/words.ts';

/** A message about the log as a whole. @throws BlockKitBroken if Slack would refuse it. */
export function renderAnnouncement(said: Announcement, words: Words = en): RenderedMessage {
  if (said.kind === 'checkpoint') return checkpointMessage(said.checkpoint, words);
  if (said.kind === 'digest') return digestMessage(said.digest, words);
  if (said.kind === 'policy') return policyMessage(said.policy, words);
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

/** Of more the last are counted: all of them are what `policy diff` says. */
const MOST_LOOSENINGS = 20;

/** A policy that was loosened: each thing, which entry did it, and what to do about it. */
function policyMessage(policy: PolicyNews, words: Words): RenderedMessage {
  const head = words.policyLoosened(policy);
  const more = policy.loosenings.length - MOST_LOOSENINGS;
  const lines = policy.loosenings.slice(0, MOST_LOOSENINGS).map((one) => words.changeLine(one));
  return assertMessage({
    text: cutMarkup(head, LIMITS.messageText),
    blocks: [
      sentence(head),
      ...lines.map((line) => sentence(line)),
      ...when(more > 0, small(words.moreLoosenings(more))),
      sentence(words.WHO_LOOSENED),
      small(words.policyVersions(policy), words.receiptWords(policy.receipt)),
    ],
  });
}

/** Of more gates the least asked about are left out. */
const MOST_GATES = 20;

/** A week of bypasses: a line and a bar chart each gate, and what somebody should ask about. */
function digestMessage(digest: DigestNews, words: Words): RenderedMessage {
  const { gates, often, reviewsOverdue, avoidableShare } = digest;
  const head = words.digestHead(digest);
  const more = gates.length - MOST_GATES;
  const asks = [
    ...often.slice(0, MOST_GATES).map((one) => words.oftenWords(one)),
    ...(reviewsOverdue === 0 ? [] : [words.overdueWords(reviewsOverdue)]),
    ...(avoidableShare === null ? [] : [words.avoidableWords(avoidableShare)]),
  ];
  return assertMessage({
    text: cutMarkup([head, ...asks].join('. '), LIMITS.messageText),
    blocks: [
      sentence(head),
      ...gates.slice(0, MOST_GATES).map((one) => sentence(words.gateDigestWords(one))),
      ...when(more > 0, small(words.moreGates(more))),
      ...when(gates.length > 0, small(words.DIGEST_PLOT)),
      ...asks.map((one) => sentence(one)),
    ],
  });
}
