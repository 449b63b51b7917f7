import { auditChecks } from '#cli/audit-checks';
import type { JsonValue } from '#ledger/canonical-json';
import { digestOf } from '#ledger/digest';
import type { Expected, Verdict } from './verdict.ts';
import type { InteropWorld } from './world.ts';

/** The check of `breakglass audit verify` over one bundle, and what it compares exactly. */
export function ourVerdict(world: InteropWorld, bundle: JsonValue, expected: Expected): Verdict {
  const { verifyBundle } = auditChecks(world.trustedRoot);
  const statement = payloadOf(bundle);
  const verdict = verifyBundle(bundle, statement);
  if (!verdict.ok) return { accepted: false, why: verdict.code };
  if (digestOf(statement) !== expected.statementDigest) return refused('another statement');
  if (verdict.identity !== expected.identity) return refused('another identity');
  if (verdict.issuer !== expected.issuer) return refused('another issuer');
  if (verdict.tokenSubject !== expected.tokenSubject) return refused('token of another act');
  return { accepted: true };
}

const refused = (why: string): Verdict => ({ accepted: false, why });

function payloadOf(bundle: JsonValue): Uint8Array {
  const { payload } = Object(Object(bundle).dsseEnvelope) as { payload: string };
  return Buffer.from(payload, 'base64');
}
