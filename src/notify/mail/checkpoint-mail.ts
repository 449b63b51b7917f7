import { createHash } from 'node:crypto';
import type { CheckpointNews } from '#application/ports/outbound';

export interface CheckpointMail {
  readonly subject: string;
  readonly text: string;
  /** RFC 5322 §3.6.4: the same for the same checkpoint, so that a repeat can be told. */
  readonly messageId: string;
  readonly attachments: readonly { readonly filename: string; readonly content: string }[];
}

/** A checkpoint as mail. Plain text: the note must survive as it is, so it is attached as well. */
export function checkpointMail(news: CheckpointNews, from: string): CheckpointMail {
  const { origin, size, root, note, evaluation } = news;
  const text = [
    `The audit log ${origin} has ${size} entries. Its root is ${root}`,
    '',
    'Keep the attached file where whoever runs the service and its database cannot change it.',
    'Later, "breakglass audit verify export.jsonl --checkpoint <file> …" shows whether the log',
    'only grew since. If another mail or message names another root for the same size, the log was',
    'forked: tell your security team.',
    ...(evaluation ? ['', 'Evaluation: an embedded authority signs. This is no evidence.'] : []),
    '',
    note,
  ].join('\n');
  return {
    subject: `Checkpoint of ${origin}: ${size} entries`,
    text,
    messageId: `<${createHash('sha256').update(note).digest('hex').slice(0, 32)}@${domainOf(from)}>`,
    attachments: [{ filename: `checkpoint-${size}.txt`, content: note }],
  };
}

const domainOf = (from: string): string => /@([A-Za-z0-9.-]+)>?\s*$/.exec(from)?.[1] ?? 'localhost';
