import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { Expected, Verdict } from './verdict.ts';
import type { InteropWorld } from './world.ts';

const run = promisify(execFile);

const parts = z.object({
  verificationMaterial: z.object({
    certificate: z.object({ rawBytes: z.string() }),
    timestampVerificationData: z.object({
      rfc3161Timestamps: z.tuple([z.object({ signedTimestamp: z.string() })]),
    }),
  }),
  dsseEnvelope: z.object({
    payload: z.string(),
    payloadType: z.string(),
    signatures: z.tuple([z.object({ sig: z.string() })]),
  }),
});
const chain = z.object({
  certChain: z.object({ certificates: z.array(z.object({ rawBytes: z.string() })) }),
});
const root = z.object({
  certificateAuthorities: z.tuple([chain]),
  timestampAuthorities: z.tuple([chain]),
});

const ISSUER = '1.3.6.1.4.1.57264.1.8';
const TOKEN_SUBJECT = '1.3.6.1.4.1.57264.1.24';

/**
 * OpenSSL alone: the timestamp over the signature, the chain at that time, the signature over the
 * pre-authentication encoding, and what the certificate says. It knows nothing of Sigstore's logs.
 */
export async function opensslVerdict(
  world: Pick<InteropWorld, 'folder' | 'trustedRoot'>,
  bundle: unknown,
  expected: Expected,
): Promise<Verdict> {
  const read = parts.safeParse(bundle);
  if (!read.success) return { accepted: false, why: 'a part is not there' };
  const openssl = async (...args: string[]): Promise<string> =>
    (await run('openssl', args, { cwd: world.folder })).stdout;
  await writeParts(world, read.data);
  let step = 'timestamp';
  try {
    await openssl(
      'ts',
      '-verify',
      '-in',
      'stamp.tsr',
      '-data',
      'signature.bin',
      '-CAfile',
      'tsa-root.pem',
      '-untrusted',
      'tsa.pem',
    );
    const at = timeIn(await openssl('ts', '-reply', '-in', 'stamp.tsr', '-text'));
    step = 'certificate';
    await openssl(
      'verify',
      '-attime',
      String(at),
      '-x509_strict',
      '-purpose',
      'any',
      '-CAfile',
      'ca-root.pem',
      '-untrusted',
      'ca.pem',
      'leaf.pem',
    );
    step = 'signature';
    await writeFile(
      join(world.folder, 'leaf.pub'),
      await openssl('x509', '-in', 'leaf.pem', '-noout', '-pubkey'),
    );
    await openssl(
      'dgst',
      '-sha256',
      '-verify',
      'leaf.pub',
      '-signature',
      'signature.bin',
      'signed.bin',
    );
  } catch {
    return { accepted: false, why: step };
  }
  return said(await openssl('x509', '-in', 'leaf.pem', '-noout', '-text'), read.data, expected);
}

/** What the certificate's text names, held against what was expected. */
function said(text: string, { dsseEnvelope }: z.infer<typeof parts>, expected: Expected): Verdict {
  const lines = text.split('\n').map((line) => line.trim());
  const after = (start: string): string => lines[lines.indexOf(start) + 1] ?? '';
  const named = after(lines.find((line) => line.startsWith('X509v3 Subject Alternative')) ?? '');
  const digest = createHash('sha256').update(Buffer.from(dsseEnvelope.payload, 'base64'));
  if (`sha256:${digest.digest('hex')}` !== expected.statementDigest) return no('another statement');
  if (named !== `email:${expected.identity}`) return no('another identity');
  // The text of an unknown extension shows its DER as it is: tag and length, then the words.
  if (after(`${ISSUER}:`).slice(2) !== expected.issuer) return no('another issuer');
  if (after(`${TOKEN_SUBJECT}:`).slice(2) !== expected.tokenSubject)
    return no('token of another act');
  return { accepted: true };
}

const no = (why: string): Verdict => ({ accepted: false, why });

async function writeParts(
  world: Pick<InteropWorld, 'folder' | 'trustedRoot'>,
  { verificationMaterial: material, dsseEnvelope: envelope }: z.infer<typeof parts>,
): Promise<void> {
  const trusted = root.parse(world.trustedRoot);
  const [ca, tsa] = [trusted.certificateAuthorities[0], trusted.timestampAuthorities[0]].map(
    (one) => one.certChain.certificates.map(({ rawBytes }) => pem(rawBytes)),
  );
  const payload = Buffer.from(envelope.payload, 'base64');
  const head = `DSSEv1 ${envelope.payloadType.length} ${envelope.payloadType} ${payload.length} `;
  const files: readonly (readonly [string, string | Buffer])[] = [
    ['leaf.pem', pem(material.certificate.rawBytes)],
    ['ca.pem', (ca ?? []).slice(0, -1).join('')],
    ['ca-root.pem', ca?.at(-1) ?? ''],
    ['tsa.pem', (tsa ?? []).slice(0, -1).join('')],
    ['tsa-root.pem', tsa?.at(-1) ?? ''],
    [
      'stamp.tsr',
      Buffer.from(
        material.timestampVerificationData.rfc3161Timestamps[0].signedTimestamp,
        'base64',
      ),
    ],
    ['signature.bin', Buffer.from(envelope.signatures[0].sig, 'base64')],
    ['signed.bin', Buffer.concat([Buffer.from(head), payload])],
  ];
  for (const [name, content] of files) await writeFile(join(world.folder, name), content);
}

function timeIn(text: string): number {
  const time = /^Time stamp: (.*)$/m.exec(text)?.[1] ?? '';
  return Math.floor(Date.parse(time) / 1000);
}

function pem(base64: string): string {
  const lines = base64.match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
