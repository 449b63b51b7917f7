import { digestOf } from '#ledger/digest';
import { HOUR_MS, MINUTE_MS } from '#domain/instant';
import type { FindingCode, StepName } from '#ledger/verify/words';
import type { Base } from '../base.ts';
import type { Cheat } from '../cheat.ts';
import { entryAt, exportOf, withEntry, type Export } from '../export.ts';
import { forgeCertificate, type ForgedCertificate } from '../forged-certificate.ts';
import type { Asked } from '../signer.ts';

/** An approval of Ben's, which is attested. */
const at = (base: Base): number => base.indexOf('approval.given', 'more');
const BEN = 'ben@example.com';

const statementOf = (base: Base): Uint8Array => entryAt(base.export, at(base)).statement;
const timeOf = (base: Base): number => base.history.entries[at(base)]?.event.at ?? 0;

/**
 * The approval is signed again as asked, and the log's key signs a new checkpoint over it: neither
 * bytes nor tree tell, only the certificate and its witnesses can.
 */
async function signed(base: Base, asked: Partial<Asked>): Promise<Export> {
  const statement = statementOf(base);
  const envelope = await base.signer.attest(statement, {
    email: BEN,
    at: timeOf(base),
    ...asked,
  });
  return exportOf(withEntry(base.export, at(base), { envelope }).entries, base.keys);
}

/** Signed under a certificate that says these things. */
async function certified(base: Base, says: Partial<ForgedCertificate>): Promise<Export> {
  const [time, tokenSubject] = [timeOf(base), digestOf(statementOf(base))];
  const honest = { emails: [BEN], at: time, tokenSubject };
  const key = await forgeCertificate(base.signer, { ...honest, ...says });
  return signed(base, { certified: key });
}

const refused = (by: StepName, code: FindingCode, words: string): Cheat['refused'] => ({
  by,
  code,
  at,
  words,
});
const noBundle = (code: string): Cheat['refused'] =>
  refused('attestations', 'bundle-refused', `The bundle does not verify: ${code}`);
const noName = noBundle('its certificate is not by a pinned authority');

const LOOK_ALIKES = [
  'ben@example.com.evil.io',
  'xben@example.com',
  'ben@exarnple.com',
  'BEN@example.com',
  'ben+x@example.com',
  'ben@example.co',
];

/** The certificate in whose name an approval is signed. */
export const CERTIFICATES: readonly Cheat[] = [
  ...LOOK_ALIKES.map((email): Cheat => ({
    name: `a certificate of the look-alike ${email}`,
    apply: (base) => signed(base, { email }),
    refused: refused(
      'identities',
      'identity-differs',
      `${email} signed for ben (ben@example.com), who has another e-mail`,
    ),
  })),
  {
    name: 'a certificate of another person of the tenant',
    apply: (base) => signed(base, { email: 'cem@example.com' }),
    refused: refused('identities', 'identity-differs', 'cem@example.com signed for ben'),
  },
  {
    name: 'a certificate for another statement',
    apply: (base) => signed(base, { subject: digestOf('another act') }),
    refused: refused('attestations', 'token-subject-wrong', digestOf('another act')),
  },
  {
    name: 'a certificate that names no statement',
    apply: (base) => certified(base, { tokenSubject: null }),
    refused: refused('attestations', 'token-subject-wrong', 'issued for nothing'),
  },
  {
    name: 'a certificate of a look-alike issuer that the root trusts',
    apply: (base) => signed(base, { issuer: 'look-alike' }),
    refused: refused('attestations', 'issuer-not-pinned', 'is not among those pinned'),
  },
  {
    name: 'a certificate of a workload, whose name is a URI',
    apply: (base) => signed(base, { issuer: 'uri' }),
    refused: noBundle('its certificate names no e-mail'),
  },
  {
    name: 'a certificate with an e-mail and a URI',
    apply: (base) => certified(base, { uris: ['https://evil.example/ben'] }),
    refused: noName,
  },
  {
    name: 'a certificate of two e-mails',
    apply: (base) => certified(base, { emails: [BEN, 'mallory@example.com'] }),
    refused: noName,
  },
  {
    name: 'a certificate without an issuer',
    apply: (base) => certified(base, { issuer: null }),
    refused: noName,
  },
  {
    name: 'a certificate by an authority of the same names that nobody trusts',
    apply: (base) => certified(base, { authority: 'stranger' }),
    refused: noBundle('its certificate is not by a pinned authority'),
  },
  {
    name: 'a certificate that no log promised to show',
    apply: (base) => certified(base, { promisedBy: 'nobody' }),
    refused: noBundle('its certificate is not by a pinned authority'),
  },
  {
    name: 'a certificate that a log nobody trusts promised to show',
    apply: (base) => certified(base, { promisedBy: 'stranger' }),
    refused: noBundle('its certificate is not by a pinned authority'),
  },
  {
    name: 'a certificate for servers in place of signatures',
    apply: (base) => certified(base, { purpose: '1.3.6.1.5.5.7.3.1' }),
    refused: noBundle('its certificate is not for signing'),
  },
  {
    name: 'a certificate that had ended when the signature was timestamped',
    apply: (base) => signed(base, { witnessedAt: timeOf(base) + 11 * MINUTE_MS }),
    refused: noBundle('its certificate is not by a pinned authority'),
  },
  {
    name: 'a certificate that had not begun when the signature was timestamped',
    apply: (base) => signed(base, { witnessedAt: timeOf(base) - MINUTE_MS }),
    refused: noBundle('its certificate is not by a pinned authority'),
  },
  {
    name: 'an approval that was signed a day after the entries behind it',
    apply: (base) => signed(base, { at: timeOf(base) + 24 * HOUR_MS }),
    refused: refused('attestations', 'signed-too-late', 'when the entry behind it was made'),
  },
  {
    name: 'an approval that was signed two hours before it was given',
    apply: (base) => signed(base, { at: timeOf(base) - 2 * HOUR_MS }),
    refused: refused('attestations', 'signed-too-early', 'its own time'),
  },
];
