import type { SentMessageInfo } from 'nodemailer';
import { MailFailed, type Mailer } from '#application/ports/outbound';
import { checkpointMail } from './checkpoint-mail.ts';
import { smtpCodeOf, smtpTransport, withoutAnswer, type SmtpServer } from './smtp-transport.ts';

export interface SmtpOptions extends SmtpServer {
  readonly from: string;
  readonly to: readonly string[];
  readonly log: { warn(what: object, message: string): void };
}

/**
 * Mails checkpoints. One try each: the queue retries. Neither the URL nor an answer of the server
 * reaches a log.
 */
export function createMailer(options: SmtpOptions): Mailer & { close(): void } {
  const { from, to, log } = options;
  const transport = smtpTransport(options);
  return {
    async mail(news) {
      try {
        const { subject, text, messageId, attachments } = checkpointMail(news, from);
        const sent = await transport.sendMail({
          from,
          to: [...to],
          subject,
          text,
          messageId,
          attachments: attachments.map((one) => ({ ...one, contentType: 'text/plain' })),
          headers: { 'auto-submitted': 'auto-generated' },
        });
        warnOfRejected(sent, log);
      } catch (error) {
        throw new MailFailed(smtpCodeOf(error), { cause: withoutAnswer(error) });
      }
    },
    close: () => transport.close(),
  };
}

/** Some took it: those that did not would get it no more by sending it to all again. */
function warnOfRejected({ rejected }: SentMessageInfo, log: SmtpOptions['log']): void {
  if (rejected !== undefined && rejected.length > 0)
    log.warn({ rejected: rejected.length }, 'some recipients of a checkpoint mail were refused');
}
