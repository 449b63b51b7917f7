import { X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { ORGANISATION } from './authority-certificates.ts';

const trustedRoot = z.object({
  certificateAuthorities: z
    .array(
      z.object({
        certChain: z.object({ certificates: z.array(z.object({ rawBytes: z.base64() })) }),
      }),
    )
    .default([]),
});

/**
 * Whether a trusted root trusts an embedded authority, whose keys were all in the process of the
 * service that it vouches for. One such authority among others is enough.
 */
export function isEvaluationRoot(root: unknown): boolean {
  const parsed = trustedRoot.safeParse(root);
  // What cannot be read as a trusted root is refused elsewhere.
  if (!parsed.success) return false;
  return parsed.data.certificateAuthorities
    .flatMap(({ certChain }) => certChain.certificates)
    .some(({ rawBytes }) => subjectOf(rawBytes).includes(ORGANISATION));
}

function subjectOf(der: string): string {
  return new X509Certificate(Buffer.from(der, 'base64')).subject;
}
