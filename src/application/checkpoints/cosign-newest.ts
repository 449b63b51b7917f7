import type { TenantId } from '#domain/ids';
import type { Alarm, AlarmCode } from '../ports/alarm.ts';
import type { CosignatureStore, LogProofs } from '../ports/log-proofs.ts';
import type { Witness, WitnessAnswer } from '../ports/outbound.ts';

export type CosignOutcome =
  | { readonly ok: true; readonly size: number }
  | { readonly ok: false; readonly alarm: Omit<Alarm, 'key'> };

interface CosignPorts {
  readonly proofs: LogProofs;
  readonly cosignatures: CosignatureStore;
}

/** Another sender may be as fast once or twice; more often is no race. */
const MOST_CONFLICTS = 3;

/** What the protocol's refusals mean (C2SP tlog-witness, "add-checkpoint"). */
const REFUSALS: ReadonlyMap<number, AlarmCode> = new Map([
  [400, 'witness-request-refused'],
  [403, 'witness-unknown-key'],
  [404, 'witness-unknown-log'],
  [422, 'witness-inconsistent'],
]);

/**
 * Has a witness cosign the newest checkpoint, with a proof that the log only grew since what it has
 * seen, and keeps the cosignature. A witness that has seen more than there is, or that finds no
 * growth, is the one thing here that nobody may overlook.
 *
 * @param seenSize what it is thought to have seen; it says so where that is wrong.
 * @throws WitnessUnreachable
 */
export async function cosignNewest(
  { proofs, cosignatures }: CosignPorts,
  tenant: TenantId,
  witness: Witness,
  seenSize: number,
): Promise<CosignOutcome> {
  let oldSize = seenSize;
  for (let conflicts = 0; conflicts < MOST_CONFLICTS; conflicts += 1) {
    // Read anew each time: another replica may have sent a newer one meanwhile.
    const checkpoint = await proofs.newest(tenant);
    if (checkpoint === null) throw new RangeError('a log without entries has no checkpoint');
    const { size, note } = checkpoint;
    const about = { witness: witness.name, origin: checkpoint.origin, size, seen: oldSize };
    if (oldSize > size) return refusal('witness-ahead', about);
    const proof = oldSize === 0 ? [] : await proofs.consistency(tenant, oldSize, size);
    const answer = await witness.addCheckpoint({ oldSize, proof, checkpoint: note });
    if (answer.kind === 'cosigned') {
      await cosignatures.add(tenant, size, [answer.cosignature]);
      return { ok: true, size };
    }
    if (answer.kind !== 'conflict')
      return refusal(codeOf(answer), { ...about, status: answer.status });
    oldSize = answer.size;
  }
  return refusal('witness-answer-wrong', { witness: witness.name, status: 409 });
}

function codeOf(answer: Extract<WitnessAnswer, { readonly status: number }>): AlarmCode {
  if (answer.kind === 'answer-wrong') return 'witness-answer-wrong';
  return REFUSALS.get(answer.status) ?? 'witness-answer-wrong';
}

function refusal(code: AlarmCode, about: Alarm['about']): CosignOutcome {
  return { ok: false, alarm: { code, about } };
}
