import { createTransport, type Transporter } from 'nodemailer';
import { isLoopback } from '../loopback.ts';

export interface SmtpServer {
  /** `smtps://user:password@host` or `smtp://…`, which must offer STARTTLS. */
  readonly url: string;
  /** Lets mail to a host beyond loopback go without TLS. */
  readonly allowPlain?: boolean;
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
 * Mail over SMTP (RFC 5321). TLS 1.2 or newer is demanded: from the start (`smtps`) or by STARTTLS
 * (RFC 3207), before any name or password is sent; on loopback there is no network to protect.
 */
export function smtpTransport(options: SmtpServer): Transporter {
  const { timeoutMs = TIMEOUT_MS } = options;
  const url = new URL(options.url);
  const isOpen = allowsPlain(url.hostname, options);
  const secure = url.protocol === 'smtps:';
  return createTransport({
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
}

/** Whether a failed try is worth another, by what the server said. */
export function smtpCodeOf(error: unknown): 'unavailable' | 'rejected' {
  const status = Number(memberOf(error, 'responseCode'));
  return status >= PERMANENT ? 'rejected' : 'unavailable';
}

/** A server's answer can quote what was sent, the user's name included: its code alone is kept. */
export function withoutAnswer(error: unknown): Error {
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
  { allowPlain = false, demandTls = false }: Pick<SmtpServer, 'allowPlain' | 'demandTls'>,
): boolean {
  return !demandTls && (allowPlain || isLoopback(hostname));
}
