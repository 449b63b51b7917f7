import type { Report } from '#ledger/verify/report';
import type { AuditVerifyFlags } from './audit-verify-flags.ts';

export const VERIFIED = 0;
export const REFUSED = 1;
/** The command is used wrongly, or something that it needs cannot be read. */
export const UNREADABLE = 2;
const UNPROVEN = 3;

type Asked = Pick<
  AuditVerifyFlags,
  'requireCheckpoint' | 'acceptErased' | 'acceptRecordedKeys' | 'witnesses'
>;

/** What `breakglass audit verify` gives back: the verdict, by what the auditor asked for. */
export function auditExitCode(
  { verdict, tail, witnessed, counts }: Report,
  { requireCheckpoint, acceptErased, acceptRecordedKeys, witnesses }: Asked,
): number {
  if (verdict.outcome === 'unreadable') return UNREADABLE;
  if (verdict.outcome === 'refused') return REFUSED;
  // Anyone who handles the file can leave a value out, and what it would have shown with it.
  const { unprovenIdentities, unprovenSignIns } = counts;
  if (unprovenIdentities + unprovenSignIns.erased > 0 && !acceptErased) return UNPROVEN;
  if (unprovenSignIns.keys > 0 && !acceptRecordedKeys) return UNPROVEN;
  if (witnesses !== undefined && witnessed.size === 0) return UNPROVEN;
  return requireCheckpoint && tail === 'unproven' ? UNPROVEN : VERIFIED;
}
