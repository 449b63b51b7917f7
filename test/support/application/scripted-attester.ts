import type { AttestationFault, Attester, Stages } from '#application/ports/attester';
import type { Instant } from '#domain/instant';
import type { JsonValue } from '#ledger/canonical-json';
import type { Digest } from '#ledger/digest';
import { ISSUER, testBundle } from '#test/support/replay/sealed-log';

/** Signs with an authority of the test, which its verifier checks; or does what the script says. */
export class ScriptedAttester implements Attester {
  /** What it answers from now on. */
  fault: AttestationFault | null = null;
  /** Runs before each answer, to have something happen meanwhile. */
  meanwhile: (email: string) => Promise<void> = async () => {};
  /** What a try that fails has reached by then. */
  reaches: JsonValue | null = null;
  readonly asked: {
    readonly digest: Digest;
    readonly email: string;
    readonly from: JsonValue | null;
  }[] = [];

  reset(): void {
    this.fault = null;
    this.reaches = null;
    this.meanwhile = async () => {};
    this.asked.length = 0;
  }

  async attest(
    statement: Uint8Array,
    digest: Digest,
    email: string,
    _now: Instant,
    stages: Stages,
  ) {
    this.asked.push({ digest, email, from: stages.from });
    await this.meanwhile(email);
    const { fault } = this;
    if (fault !== null && this.reaches !== null) stages.reached(this.reaches);
    if (fault !== null) return { ok: false, fault } as const;
    const certified = { identity: email, issuer: ISSUER, tokenSubject: digest };
    return { ok: true, bundle: testBundle(statement, certified) } as const;
  }

  async attestPatiently(...asked: Parameters<Attester['attestPatiently']>) {
    const answer = await this.attest(...asked);
    return answer.ok ? (answer.bundle satisfies JsonValue) : null;
  }
}
