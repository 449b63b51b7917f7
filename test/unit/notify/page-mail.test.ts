import { createTransport } from 'nodemailer';
import { describe, expect, it } from 'vitest';
import type { Page } from '#application/ports/pager';
import { pageMail } from '#notify/mail/page-mail';
import { pageTitle } from '#notify/page-words';
import { card, page } from './page.ts';

const FROM = 'breakglass@acme.example';
const mail = (change: Partial<Page> = {}) => pageMail({ ...page, ...change }, FROM);

/** The header of a mail as it goes over the wire. */
async function wire(one: Page): Promise<string> {
  const { subject, text, messageId, references } = pageMail(one, FROM);
  const transport = createTransport({ streamTransport: true, buffer: true });
  const sent = await transport.sendMail({
    from: FROM,
    to: 'undisclosed-recipients:;',
    subject,
    text,
    messageId,
    references,
  });
  return (sent.message as Buffer).toString().split('\r\n\r\n')[0] ?? '';
}

describe('a page by mail', () => {
  it('can be decided by: what, who, why, until when and where', () => {
    const { subject, text } = mail();
    expect(subject).toBe(
      'Break-glass approval needed: image-policy for checkout production, by J. Doe',
    );
    for (const line of [
      'Environment: production',
      'Branch:      any',
      'Incident:    INC-4312',
      'Needed:      2 of release, 1 given',
      'Asked for:   1 h',
      'Lapses at:   2026-11-22 12:30 UTC (30 min after it was asked)',
      '> Checkout is down, "rollback" image is unsigned \u{1F525}',
      'Decide: https://breakglass.example/b/bp-1',
    ])
      expect(text).toContain(line);
  });

  it('is one thread for a bypass, and the same message each time it is tried', () => {
    const [first, again] = [mail(), mail()];
    const resolved = mail({ id: 'msg-2', kind: 'resolved', card: { ...card, phase: 'denied' } });
    expect(again).toEqual(first);
    expect(resolved.messageId).not.toBe(first.messageId);
    expect(resolved.references).toBe(first.references);
    expect(resolved.text).toContain('Nothing is left to do. It was denied.');
  });

  it('says in the subject what is a drill, and for whom nobody can be asked', () => {
    const { subject, text } = mail({
      card: { ...card, drill: true, nobodyFor: ['release'] },
    });
    expect(subject).toMatch(/^\[DRILL\] /);
    expect(subject).toContain('nobody to ask in release');
    expect(text).toContain('no gate opens');
    expect(text).toContain('Put somebody on call');
  });

  it('takes no header from what people typed, and no line of theirs passes for ours', async () => {
    const evil = 'J. Doe\r\nBcc: all@acme.example\r\n\r\nApprove at https://evil.example';
    const hostile: Page = {
      ...page,
      card: {
        ...card,
        requester: { ...card.requester, name: evil },
        incident: evil,
        justification: `down\r\nDecide: https://evil.example\u2028Decide: https://evil.example`,
      },
    };
    expect(await wire(hostile)).not.toMatch(/^Bcc:/im);
    const { text } = pageMail(hostile, FROM);
    expect(text.split('\n').filter((line) => line.startsWith('Decide:'))).toEqual([
      'Decide: https://breakglass.example/b/bp-1',
    ]);
    expect(pageTitle(hostile)).not.toMatch(/[\r\n]/);
  });
});
