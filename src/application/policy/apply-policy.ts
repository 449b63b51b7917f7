import type { TenantId } from '#domain/ids';
import type { PolicyContent } from '#domain/policy/policy';
import { canonicalJson, type JsonValue } from '#ledger/canonical-json';
import { digestOf } from '#ledger/digest';
import { commitSession } from '../commit/commit-session.ts';
import type { Ports } from '../ports/ports.ts';
import type { PolicyVersion } from '../ports/policy-version.ts';
import type { CompiledPolicy } from './compiled-policy.ts';
import type { Mistake } from './mistake.ts';
import { locateFindings } from './parse-policy-document.ts';
import { takenAddresses } from './taken-addresses.ts';

/** The version that entries name. @param template the source of the review's template, if it has one. */
export function policyVersion(
  compiled: CompiledPolicy,
  template: string | null,
  homeTeam: string,
): PolicyVersion {
  const content: PolicyContent = {
    ...compiled.policy,
    document: compiled.documentDigest,
    template: template === null ? null : digestOf(template),
  };
  const { groups, people, channels, digests, textsKeptMs, reviewIssues } = compiled;
  return {
    digest: digestOf(canonicalJson(content as unknown as JsonValue)),
    content,
    directory: {
      groups,
      people,
      channels,
      template,
      homeTeam,
      ...(digests === undefined ? {} : { digests }),
      ...(textsKeptMs === undefined ? {} : { textsKeptMs }),
      ...(reviewIssues === undefined ? {} : { reviewIssues }),
    },
  };
}

/** What came of applying a policy; mistakes are those that only the log so far can show. */
export type PolicyApplied =
  | 'applied'
  | 'in-force'
  | 'superseded'
  | { readonly mistakes: readonly Mistake[] };

/**
 * Puts a checked policy in force by an entry. The version in force already is left alone; so is one
 * that was in force before, unless that is meant: a replica that starts late with the old file must
 * not bring the old rules back.
 */
export async function applyPolicy(
  ports: Pick<Ports, 'store' | 'keys' | 'newSalt'>,
  tenant: TenantId,
  version: PolicyVersion,
  document: string,
  again: 'never-again' | 'again-on-purpose' = 'never-again',
): Promise<PolicyApplied> {
  return ports.store.locked(tenant, async (tx) => {
    const before = await tx.currentPolicy();
    if (before?.digest === version.digest) return 'in-force';
    if (again === 'never-again' && (await tx.policy(version.digest)) !== null) return 'superseded';
    const taken = await takenAddresses(tx, version.directory);
    if (taken.length > 0) return { mistakes: locateFindings(document, taken) };
    const session = commitSession(tenant, tx, ports.keys, ports.newSalt);
    const entry = session.record({
      type: 'policy.applied',
      at: await tx.now(),
      actor: { kind: 'service' },
      policy: version.digest,
      document: version.content.document,
    });
    await tx.addPolicy(version, document);
    if (before !== null) await tx.tellPolicy(entry, before.digest);
    await session.finish();
    return 'applied';
  });
}
