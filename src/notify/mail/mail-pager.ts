import { PageFailed, type Pager } from '#application/ports/pager';
import { pageMail } from './page-mail.ts';
import { smtpCodeOf, smtpTransport, withoutAnswer, type SmtpServer } from './smtp-transport.ts';

export interface MailPagerOptions extends SmtpServer {
  readonly from: string;
  /** Who reads a page for which nobody can be asked. */
  readonly otherwise: readonly string[];
  readonly log: { warn(what: object, message: string): void };
}

/**
 * Pages by one mail to all who are asked, who do not see each other's addresses. Where nobody has an
 * address it goes to `otherwise`: somebody must hear that nobody can be asked. One that nobody took is
 * not resolved by mail. Neither the URL nor an answer of the server reaches a log.
 */
export function createMailPager(options: MailPagerOptions): Pager & { close(): void } {
  const { from, otherwise, log } = options;
  const transport = smtpTransport(options);
  return {
    async page(page) {
      // What was never sent needs no end.
      if (page.kind === 'resolved' && page.rings.length === 0) return;
      const to = page.addresses.length > 0 ? page.addresses : otherwise;
      try {
        const { subject, text, messageId, references } = pageMail(page, from);
        const sent = await transport.sendMail({
          from,
          to: 'undisclosed-recipients:;',
          envelope: { from, to: [...to] },
          subject,
          text,
          messageId,
          references,
          headers: { 'auto-submitted': 'auto-generated' },
          ...(page.kind === 'resolved' ? {} : { priority: 'high' }),
        });
        const refused = sent.rejected?.length ?? 0;
        if (refused > 0)
          log.warn({ page: page.id, rejected: refused }, 'some recipients of a page were refused');
      } catch (error) {
        throw new PageFailed(smtpCodeOf(error), { cause: withoutAnswer(error) });
      }
    },
    close: () => transport.close(),
  };
}
