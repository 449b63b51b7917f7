import type { AttestationFault, Attester } from '#application/ports/attester';
import type { JsonValue } from '#ledger/canonical-json';
import type { Digest } from '#ledger/digest';
import { ISSUER, testBundle } from '#test/support/replay/sealed-log';

/** Signs with an authority of the test, which its verifier checks; or does what the script says. */
export class ScriptedAttester implements Attester {
  /** What it answers from now on. */
  fault: AttestationFault | null = null;
  /** Runs before each answer, to have something happen meanwhile. */
  meanwhile: (email: string) => Promise<void> = async () => {};
  readonly asked: { readonly digest: Digest; readonly email: string }[] = [];

  reset(): void {
    this.fault = null;
    this.meanwhile = async () => {};
    this.asked.length = 0;
  }

  async attest(statement: Uint8Array, digest: Digest, email: string) {
    this.asked.push({ digest, email });
    await this.meanwhile(email);
    const { fault } = this;
    if (fault !== null) return { ok: false, fault } as const;
    const certified = { identity: email, issuer: ISSUER, tokenSubject: digest };
    return { ok: true, bundle: testBundle(statement, certified) } as const;
  }

  async attestPatiently(statement: Uint8Array, digest: Digest, email: string) {
    const answer = await this.attest(statement, digest, email);
    return answer.ok ? (answer.bundle satisfies JsonValue) : null;
  }
}
