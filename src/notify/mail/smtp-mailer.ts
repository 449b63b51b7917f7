import { createTransport, type SentMessageInfo } from 'nodemailer';
import { MailFailed, type Mailer } from '#application/ports/outbound';
import { isLoopback } from '../loopback.ts';
import { checkpointMail } from './checkpoint-mail.ts';

export interface SmtpOptions {
  /** `smtps://user:password@host` or `smtp://…`, which must offer STARTTLS. */
  readonly url: string;
  readonly from: string;
  readonly to: readonly string[];
  /** Lets mail to a host beyond loopback go without TLS. */
  readonly allowPlain?: boolean;
  readonly log: { warn(what: object, message: string): void };
  readonly timeoutMs?: number;
  /** Demands TLS of loopback too. */
  readonly demandTls?: boolean;
  /** PEM of an authority that the system does not know. */
  readonly ca?: string;
}

const TIMEOUT_MS = 10_000;
/** RFC 5321 §4.2.1: 5yz is permanent. */
const PERMANENT = 500;

/**
 * Mails checkpoints over SMTP (RFC 5321). TLS 1.2 or newer is demanded: from the start (`smtps`) or
 * by STARTTLS (RFC 3207), before any name or password is sent; on loopback there is no network to
 * protect. One try each: the queue retries. Neither the URL nor an answer of the server reaches a log.
 */
export function createMailer(options: SmtpOptions): Mailer & { close(): void } {
  const { from, to, log, timeoutMs = TIMEOUT_MS } = options;
  const url = new URL(options.url);
  const isOpen = allowsPlain(url.hostname, options);
  const secure = url.protocol === 'smtps:';
  const transport = createTransport({
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
    secure,
    requireTLS: !secure && !isOpen,
    tls: { minVersion: 'TLSv1.2', ...(options.ca === undefined ? {} : { ca: options.ca }) },
    ...(url.username === ''
      ? {}
      : {
          auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
        }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
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
        throw new MailFailed(codeOf(error), { cause: withoutAnswer(error) });
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

function codeOf(error: unknown): MailFailed['code'] {
  const status = Number(memberOf(error, 'responseCode'));
  return status >= PERMANENT ? 'rejected' : 'unavailable';
}

/** A server's answer can quote what was sent, the user's name included: its code alone is kept. */
function withoutAnswer(error: unknown): Error {
  const [code, status] = [memberOf(error, 'code'), memberOf(error, 'responseCode')];
  const said = [code, status].filter((one) => typeof one === 'string' || typeof one === 'number');
  return new Error(`SMTP ${said.join(' ')}`);
}

function memberOf(error: unknown, name: string): unknown {
  return Object.entries(Object(error)).find(([key]) => key === name)?.[1];
}

/** Whether mail may go to this host without TLS, where that is all it offers. */
export function allowsPlain(
  hostname: string,
  { allowPlain = false, demandTls = false }: Pick<SmtpOptions, 'allowPlain' | 'demandTls'>,
): boolean {
  return !demandTls && (allowPlain || isLoopback(hostname));
}
