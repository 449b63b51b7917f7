import type { PersonId } from '#domain/ids';
import { HOUR_MS } from '#domain/instant';
import type { RecordedEvent } from '#ledger/recorded-event';
import type { ExportedEntry } from '#ledger/export/format';
import { emailOf, type History } from '#test/support/replay/history';
import { attestedBy, seal, testKeys, type TestKeys } from '#test/support/replay/sealed-log';
import type { UnsignedEntry } from '#test/support/replay/test-log';
import { exportOf, type Export } from './export.ts';
import { richHistory } from './rich-history.ts';
import { startSigner, type Signer } from './signer.ts';

/** An honest log with real keys, certificates and timestamps, and all that made it. */
export interface Base extends AsyncDisposable {
  readonly keys: TestKeys;
  readonly history: History;
  readonly signer: Signer;
  readonly export: Export;
  /** The first entry of this type (and of this bypass), by its index. */
  readonly indexOf: (type: RecordedEvent['type'], bypass?: string) => number;
}

/** Plays the rich history and signs it as the service does. */
export async function startBase(): Promise<Base> {
  const keys = testKeys();
  const history = richHistory({ logKey: keys.vkey, serviceKey: keys.keyId });
  const { entries } = history;
  const signer = await startSigner((entries[0]?.event.at ?? 0) - 24 * HOUR_MS);
  const honest = exportOf(await sealForReal(entries, keys, signer), keys);
  return {
    keys,
    history,
    signer,
    export: honest,
    indexOf: (type, bypass) => {
      const index = entries.findIndex(
        ({ event }) =>
          event.type === type &&
          (bypass === undefined || ('bypass' in event && event.bypass === bypass)),
      );
      if (index < 0) throw new RangeError(`no ${type}`);
      return index;
    },
    [Symbol.asyncDispose]: () => signer[Symbol.asyncDispose](),
  };
}

/** What is attested goes through issuer, authority, timestamp service and log, at its own time. */
export async function sealForReal(
  unsigned: readonly UnsignedEntry[],
  keys: TestKeys,
  signer: Signer,
  emails: (person: PersonId) => string = emailOf,
): Promise<readonly ExportedEntry[]> {
  const sealed = [...seal(unsigned, keys)];
  for (const [index, { event, statement }] of unsigned.entries()) {
    const entry = sealed[index];
    const person = attestedBy(event);
    if (person === null || entry === undefined) continue;
    const asked = { email: emails(person), at: event.at };
    sealed[index] = { ...entry, envelope: await signer.attest(statement, asked) };
  }
  return sealed;
}
