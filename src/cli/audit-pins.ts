import type { Pinned } from '#ledger/verify/pinned';
import type { AuditVerifyFlags } from './audit-verify-flags.ts';
import { readPinned, type PinnedFiles } from './pinned-files.ts';
import { readPinnedIdentities } from './pinned-identities.ts';
import type { Problem } from './problem.ts';

/** All that an auditor brings: everything that a verification concludes rests on it. */
export interface AuditPins extends Omit<PinnedFiles, 'evaluation'> {
  readonly pinned: Pinned;
}

const SERVICE_KEY = /^[0-9a-f]{64}$/;

/** Reads what was pinned; a problem names the option or the file that is wrong. */
export async function readAuditPins(
  readText: (path: string) => Promise<string>,
  flags: AuditVerifyFlags,
): Promise<AuditPins | Problem> {
  const wrong = wrongUse(flags);
  if (wrong !== undefined) return { problem: wrong };
  const files = await readPinned(readText, flags);
  if ('problem' in files) return files;
  const identities = await readPinnedIdentities(readText, flags);
  if ('problem' in identities) return identities;
  const { evaluation, ...rest } = files;
  const { logKey, serviceKey, issuer, witness = [], witnesses } = flags;
  const pinned: Pinned = {
    logKeys: logKey,
    serviceKeys: serviceKey.length > 0 ? serviceKey : 'from-log',
    evaluation,
    ...(issuer.length > 0 ? { issuers: issuer } : {}),
    ...identities,
    witnesses: witness,
    ...(witnesses === undefined ? {} : { witnessesNeeded: witnesses }),
  };
  return { ...rest, pinned };
}

function wrongUse({
  logKey,
  serviceKey,
  witness,
  witnesses = 0,
}: AuditVerifyFlags): string | undefined {
  if (logKey.length === 0) return 'A pinned log key is needed: --log-key name+id+key';
  if (!serviceKey.every((one) => SERVICE_KEY.test(one)))
    return 'A pinned service key is not a SHA-256 in 64 lower-case hexadecimal digits.';
  return witnesses > new Set(witness).size
    ? '--witnesses asks for more witnesses than --witness pins.'
    : undefined;
}
