import { base64 } from '../digest.ts';
import type { RecordedOf } from '../recorded-event.ts';
import type { BundleVerdict } from './checks.ts';
import { counted } from './counted.ts';
import type { Findings } from './findings.ts';
import type { IdentityModes } from './identity-modes.ts';
import type { VerificationSetup } from './pinned.ts';

type Attested = RecordedOf<'workload.attested'>;
type Verified = Extract<BundleVerdict, { readonly ok: true }>;

/** The log at the place of an entry, as rebuilt from those before it. */
export interface LogSoFar {
  readonly logKey: string | undefined;
  readonly serviceKey: string | undefined;
  /** The root of the first entries; `undefined` for more than there are, or for long ago. */
  readonly rootAt: (size: number) => Uint8Array | undefined;
}

const NOT_PINNED = 'not held against a workload: you pinned none';

/** Where the service's workload vouched for the log: that it is the right one, and was right. */
export class WorkloadCheck {
  readonly #findings: Findings;
  readonly #setup: VerificationSetup;
  readonly #modes: IdentityModes;
  #covered = 0;
  #entries = 0;

  constructor(findings: Findings, setup: VerificationSetup, modes: IdentityModes) {
    this.#findings = findings;
    this.#setup = setup;
    this.#modes = modes;
  }

  /** The bundle over an entry of the workload verifies. */
  certified(index: number, { kind, identity, issuer }: Verified): void {
    const { workloads } = this.#setup.pinned;
    this.#modes.signed('workload', issuer, identity);
    if (kind !== 'uri') this.#findings.add('workload-not-uri', index, { found: identity });
    else if (workloads === undefined) this.#findings.unproven('workload');
    else if (!workloads.some((one) => one.issuer === issuer && one.uri === identity))
      this.#findings.add('workload-not-pinned', index, { found: `${identity} (${issuer})` });
  }

  /** What the workload vouched for is the log's. */
  take({ logKey, serviceKey, size, root }: Attested, index: number, log: LogSoFar): void {
    this.#entries += 1;
    for (const [found, expected] of [
      [logKey, log.logKey],
      [serviceKey, log.serviceKey],
    ])
      if (found !== expected)
        this.#findings.add('workload-keys', index, {
          found: found ?? null,
          expected: expected ?? null,
        });
    const known = size <= index ? log.rootAt(size) : undefined;
    if (known === undefined)
      this.#findings.add('workload-size', index, { found: size, expected: index });
    else if (base64(known) !== root) this.#findings.add('workload-root', index, { found: size });
    else this.#covered = size;
  }

  close(): void {
    const { workloads } = this.#setup.pinned;
    if (this.#entries === 0) {
      this.#findings.detail('workload', 'no workload vouched for this log');
      return;
    }
    this.#findings.detail(
      'workload',
      `${counted(this.#entries, 'time')}, the last one for the first ${counted(this.#covered, 'entry', 'entries')}`,
    );
    if (workloads === undefined) this.#findings.detail('workload', NOT_PINNED);
  }
}
