import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterEach, describe, expect, it } from 'vitest';
import type { CheckpointNews } from '#application/ports/outbound';
import { createMailer, type SmtpOptions } from '#notify/mail/smtp-mailer';
import { allowsPlain } from '#notify/mail/smtp-transport';
import { loopbackCertificate } from '#test/support/service/loopback-certificate';

const NOTE =
  'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n' +
  '— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n';
const news: CheckpointNews = {
  origin: 'example.com/behind-the-sofa',
  size: 20_852_163,
  root: 'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=',
  note: NOTE,
  evaluation: false,
};

interface Received {
  readonly to: readonly string[];
  readonly secure: boolean;
  readonly user: unknown;
  readonly mail: string;
}

const tls = loopbackCertificate();

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function server(options: SMTPServerOptions = {}) {
  const received: Received[] = [];
  const smtp = new SMTPServer({
    authOptional: true,
    logger: false,
    onAuth: ({ username, password }, _session, done) =>
      password === 'p@ss word' ? done(null, { user: username }) : done(new Error('wrong')),
    onData: (stream, { envelope, secure, user }, done) => {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => void parts.push(part));
      stream.on('end', () => {
        const mail = Buffer.concat(parts).toString();
        received.push({ to: envelope.rcptTo.map((one) => one.address), secure, user, mail });
        done();
      });
    },
    ...options,
  });
  smtp.on('error', () => {});
  const { promise, resolve } = Promise.withResolvers<void>();
  smtp.listen(0, '127.0.0.1', resolve);
  await promise;
  const { port } = smtp.server.address() as AddressInfo;
  closing.push(async () => {
    const closed = Promise.withResolvers<void>();
    smtp.close(() => closed.resolve());
    await closed.promise;
  });
  return { received, port };
}

function mailer(port: number, options: Partial<SmtpOptions> = {}) {
  const warned: object[] = [];
  const made = createMailer({
    url: `smtp://127.0.0.1:${port}`,
    from: 'breakglass@acme.example',
    to: ['security@acme.example', 'audit@acme.example'],
    log: { warn: (what) => void warned.push(what) },
    timeoutMs: 5_000,
    ...options,
  });
  closing.unshift(async () => made.close());
  return { ...made, warned };
}

const plain = { disabledCommands: ['STARTTLS'] };

describe('a checkpoint by mail', () => {
  it('reaches everyone, the note whole in an attachment', async () => {
    const { received, port } = await server(plain);
    await mailer(port).mail(news);
    const [mail] = received;
    expect(mail?.to).toEqual(['security@acme.example', 'audit@acme.example']);
    expect(mail?.mail).toContain('Subject: Checkpoint of example.com/behind-the-sofa: 20852163');
    expect(mail?.mail.toLowerCase()).toContain('auto-submitted: auto-generated');
    const [, encoded = ''] =
      /filename=checkpoint-20852163\.txt[\s\S]*?\r\n\r\n([\s\S]*?)\r\n--/.exec(mail?.mail ?? '') ??
      [];
    const isBase64 =
      /Content-Transfer-Encoding: base64[\s\S]{0,200}filename=checkpoint/.test(mail?.mail ?? '') ||
      /filename=checkpoint[^\r]*\r\nContent-Transfer-Encoding: base64/.test(mail?.mail ?? '');
    expect(isBase64).toBe(true);
    expect(Buffer.from(encoded, 'base64').toString()).toBe(NOTE);
  });

  it('has the same Message-ID each time, and another one for another checkpoint', async () => {
    const { received, port } = await server(plain);
    const sender = mailer(port);
    await sender.mail(news);
    await sender.mail(news);
    await sender.mail({ ...news, note: `${NOTE}— more AAAAAAA=\n` });
    const ids = received.map(
      (one) => /^Message-ID: (<[0-9a-f]{32}@acme\.example>)/im.exec(one.mail)?.[1],
    );
    expect(ids[0]).toBeDefined();
    expect(ids[1]).toBe(ids[0]);
    expect(ids[2]).not.toBe(ids[0]);
  });
});

describe('TLS', () => {
  it('is taken where it is offered, and the name and password go through it', async () => {
    const { received, port } = await server(tls);
    await mailer(port, { url: `smtp://amy:p%40ss%20word@127.0.0.1:${port}`, ca: tls.cert }).mail(
      news,
    );
    expect(received[0]).toMatchObject({ secure: true, user: 'amy' });
  });

  it('from the start is another scheme', async () => {
    const { received, port } = await server({ ...tls, secure: true });
    await mailer(port, { url: `smtps://127.0.0.1:${port}`, ca: tls.cert }).mail(news);
    expect(received[0]?.secure).toBe(true);
  });

  it('by an authority that nobody knows is refused', async () => {
    const { received, port } = await server(tls);
    await expect(mailer(port).mail(news)).rejects.toMatchObject({ name: 'MailFailed' });
    expect(received).toEqual([]);
  });

  it('that is demanded and not offered keeps mail and password here', async () => {
    const { received, port } = await server(plain);
    const url = `smtp://amy:p%40ss%20word@127.0.0.1:${port}`;
    await expect(mailer(port, { url, demandTls: true }).mail(news)).rejects.toMatchObject({
      name: 'MailFailed',
    });
    expect(received).toEqual([]);
  });

  it.each([
    ['mail.acme.example', {}, false],
    ['mail.acme.example', { allowPlain: true }, true],
    ['127.0.0.1', {}, true],
    ['localhost', {}, true],
    ['127.0.0.1.evil.example', {}, false],
    ['10.0.0.1', {}, false],
    ['127.0.0.1', { demandTls: true }, false],
  ])('may be missing at %s with %j: %s', (host, options, may) => {
    expect(allowsPlain(host, options)).toBe(may);
  });
});

describe('a mail server that does not take it', () => {
  const refusing = (code: number): SMTPServerOptions => ({
    ...plain,
    onMailFrom: (_address, _session, done) =>
      done(Object.assign(new Error('no: secret words of the server'), { responseCode: code })),
  });

  it.each([
    [451, 'unavailable'],
    [554, 'rejected'],
  ])('with %i is %s, and its words are in no error', async (status, code) => {
    const { port } = await server(refusing(status));
    const failure: unknown = await mailer(port)
      .mail(news)
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: 'MailFailed', code });
    expect(
      JSON.stringify([failure, (failure as Error).cause, String((failure as Error).cause)]),
    ).not.toContain('secret');
  });

  it('shows neither name nor password where they are wrong', async () => {
    const { port } = await server(tls);
    const url = `smtp://amy:wrong-pass@127.0.0.1:${port}`;
    const failure = (await mailer(port, { url, ca: tls.cert })
      .mail(news)
      .catch((error: unknown) => error)) as Error;
    expect(failure.name).toBe('MailFailed');
    expect(`${failure.stack} ${(failure.cause as Error).stack}`).not.toMatch(/amy|wrong-pass/);
  });

  it('that is not there is unavailable', async () => {
    const { port } = await server(plain);
    for (const close of closing.splice(0)) await close();
    await expect(mailer(port).mail(news)).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('for one recipient of two keeps the other', async () => {
    const { received, port } = await server({
      ...plain,
      onRcptTo: ({ address }, _session, done) =>
        address.startsWith('audit') ? done(new Error('unknown')) : done(),
    });
    const sender = mailer(port);
    await sender.mail(news);
    expect(received[0]?.to).toEqual(['security@acme.example']);
    expect(sender.warned).toEqual([{ rejected: 1 }]);
  });
});
