import { readStatement } from '#ledger/read-statement';
import type { Change } from '../policy/changes/change.ts';
import { policyChanges } from '../policy/changes/policy-changes.ts';
import type { PolicyShown } from '../ports/policy-shown.ts';
import type { StoredEntry } from '../ports/provenance.ts';
import type { PolicyVersion } from '../ports/policy-version.ts';
import type { TenantReads } from '../ports/tenant-store.ts';

/** The version in force with the entry that put it there, and what it changed against the one before. */
export async function policyShown(tx: TenantReads, version: PolicyVersion): Promise<PolicyShown> {
  const [last, before] = (await tx.policyEntries(2)).map(appliedBy);
  // A version is in force by its entry alone.
  if (last === undefined) throw new TypeError('the policy in force has no entry');
  const was = before === undefined ? null : await tx.policy(before.policy);
  return {
    kind: 'policy',
    version,
    applied: { index: last.index, at: last.at },
    changes: was === null ? null : knownChanges(was, version),
  };
}

/** Of all tenants; each is asked for again while its version is in force. */
const MOST_KEPT = 100;

const known = new Map<string, readonly Change[]>();

/** What `policyChanges` gives, found out once: whoever types the command again and again costs little. */
function knownChanges(was: PolicyVersion, is: PolicyVersion): readonly Change[] {
  // Of what they mean and of the document, which names the tenant.
  const key = `${was.digest} ${is.digest}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const changes = policyChanges(was, is);
  if (known.size >= MOST_KEPT) known.clear();
  known.set(key, changes);
  return changes;
}

function appliedBy({ statement, receipt }: StoredEntry) {
  const read = readStatement(statement);
  if (!read.ok) throw new TypeError(`an entry of this log cannot be read: ${read.code}`);
  const { event } = read.value;
  if (event.type !== 'policy.applied') throw new TypeError('this entry applies no policy');
  return { index: receipt.index, at: event.at, policy: event.policy };
}
