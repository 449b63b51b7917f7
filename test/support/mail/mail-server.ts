import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  /** As the envelope says, which no recipient sees. */
  readonly to: readonly string[];
  /** As it came over the wire. */
  readonly text: string;
}

/** A mail server on loopback (RFC 5321), without TLS, that keeps what it takes. */
export interface MailServer {
  readonly url: string;
  readonly received: ReceivedMail[];
  /** While set, every mail is refused with this code. */
  refuseWith: number | null;
  close(): Promise<void>;
}

export async function mailServer(): Promise<MailServer> {
  const smtp = new SMTPServer({
    authOptional: true,
    logger: false,
    disabledCommands: ['STARTTLS'],
    onMailFrom: (_address, _session, done) => {
      const { refuseWith: responseCode } = mail;
      if (responseCode === null) done();
      else done(Object.assign(new Error('refused'), { responseCode }));
    },
    onData: (stream, { envelope }, done) => {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => void parts.push(part));
      stream.on('end', () => {
        const to = envelope.rcptTo.map((one) => one.address).toSorted();
        mail.received.push({ to, text: Buffer.concat(parts).toString() });
        done();
      });
    },
  });
  smtp.on('error', () => {});
  await new Promise<void>((resolve) => {
    smtp.listen(0, '127.0.0.1', resolve);
  });
  const { port } = smtp.server.address() as AddressInfo;
  const mail: MailServer = {
    url: `smtp://127.0.0.1:${port}`,
    received: [],
    refuseWith: null,
    close: () => new Promise((resolve) => smtp.close(() => resolve())),
  };
  return mail;
}
