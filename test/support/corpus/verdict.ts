import { auditChecks } from '#cli/audit-checks';
import { reportLines } from '#cli/audit-report';
import type { JsonValue } from '#ledger/canonical-json';
import type { BundleVerdict, Checks } from '#ledger/verify/checks';
import type { Pinned } from '#ledger/verify/pinned';
import type { Report } from '#ledger/verify/report';
import { verify } from '#ledger/verify/verify';
import { streamOf } from '#test/support/replay/sealed-log';
import type { Base } from './base.ts';
import { OWN_KEY_CLIENT, PROVIDER } from './provider.ts';

export interface Verdict {
  readonly report: Report;
  /** What the auditor reads. */
  readonly words: string;
}

/** What the auditor brings; each left out is what an auditor of the base would pin. */
export interface Brought {
  readonly savedCheckpoint?: string;
  readonly logKeys?: readonly string[];
  readonly serviceKeys?: readonly string[] | 'from-log';
  readonly issuers?: readonly string[];
  readonly providerKeys?: NonNullable<Pinned['providerKeys']>;
  readonly ownKeyClients?: NonNullable<Pinned['ownKeyClients']>;
  readonly signInClients?: NonNullable<Pinned['signInClients']>;
  readonly witnesses?: readonly string[];
  readonly witnessesNeeded?: number;
  readonly workloads?: NonNullable<Pinned['workloads']>;
}

export type Auditor = (lines: readonly string[], brought?: Brought) => Promise<Verdict>;

/**
 * Verifies as `breakglass audit verify` does, with the same checks, under the base's pins. What
 * was verified before, byte for byte, is not verified again: most cheats leave most entries alone.
 */
export function auditorOf({ keys, signer }: Pick<Base, 'keys' | 'signer'>): Auditor {
  const checks = remembering(auditChecks(signer.trustedRoot));
  return async (lines, brought = {}) => {
    const { savedCheckpoint, ...pins } = brought;
    const pinned = {
      logKeys: [keys.vkey],
      serviceKeys: [keys.keyId],
      issuers: [signer.issuer.issuerUrl, PROVIDER],
      providerKeys: [{ issuer: PROVIDER, keys: signer.provider.pinned }],
      ownKeyClients: [{ issuer: PROVIDER, client: OWN_KEY_CLIENT }],
      workloads: [signer.workload],
      evaluation: true,
      ...pins,
    };
    const saved = savedCheckpoint === undefined ? {} : { savedCheckpoint };
    const report = await verify({ lines: streamOf(lines), pinned, checks, ...saved });
    return { report, words: reportLines(report).join('\n') };
  };
}

/** Each check is a pure function of its bytes, so what it said once it would say again. */
function remembering(checks: Checks): Checks {
  const bundles = new Map<string, BundleVerdict>();
  const signatures = new Map<string, boolean>();
  const verifyBundle = (bundle: JsonValue, statement: Uint8Array): BundleVerdict => {
    const key = `${JSON.stringify(bundle)} ${text(statement)}`;
    const verdict = bundles.get(key) ?? checks.verifyBundle(bundle, statement);
    bundles.set(key, verdict);
    return verdict;
  };
  const verifyServiceSignature: Checks['verifyServiceSignature'] = (...parts) => {
    const key = parts.map(text).join(' ');
    const verdict = signatures.get(key) ?? checks.verifyServiceSignature(...parts);
    signatures.set(key, verdict);
    return verdict;
  };
  return { ...checks, verifyBundle, verifyServiceSignature };
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
