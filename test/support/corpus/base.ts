import type { PersonId } from '#domain/ids';
import { HOUR_MS } from '#domain/instant';
import type { RecordedEvent } from '#ledger/recorded-event';
import type { ExportedEntry } from '#ledger/export/format';
import { emailOf, START, type History } from '#test/support/replay/history';
import { base64 } from '#ledger/digest';
import {
  attestedBy,
  rootOfEntries,
  seal,
  testKeys,
  type TestKeys,
} from '#test/support/replay/sealed-log';
import { entryOf, type UnsignedEntry } from '#test/support/replay/test-log';
import { exportOf, type Export } from './export.ts';
import { richHistory } from './rich-history.ts';
import { startSigner, WORKLOAD, type Asked, type Signer } from './signer.ts';
import { certifiedBySignIn, signedAt } from './step-up.ts';

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
  const signer = await startSigner(START - 24 * HOUR_MS);
  const named = { logKey: keys.vkey, serviceKey: keys.keyId };
  const history = await richHistory(named, signer);
  const { entries } = history;
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
  for (const [index, one] of unsigned.entries()) {
    const { event, statement } = one;
    const entry = sealed[index];
    const person = attestedBy(event);
    if (entry === undefined) continue;
    if (event.type === 'workload.attested')
      sealed[index] = await vouched(one, sealed.slice(0, index), signer, unsigned[0]?.event);
    if (person === null) continue;
    const asked =
      event.type === 'approval.given' && event.steppedUp
        ? await askedOnSignIn(one, event, signer)
        : { email: emails(person), at: event.at };
    sealed[index] = { ...entry, envelope: await signer.attest(statement, asked) };
  }
  return sealed;
}

/** Signed by the key of its sign-in; for an approval that was changed, by one like it. */
async function askedOnSignIn(
  { digest }: UnsignedEntry,
  event: Extract<UnsignedEntry['event'], { type: 'approval.given' }>,
  signer: Signer,
): Promise<Asked> {
  const certified = signer.stepUps.get(digest) ?? (await certifiedBySignIn(signer, event));
  return { email: '', at: signedAt(event.at), certified };
}

/** The workload signs the root of the entries as they are sealed. */
async function vouched(
  { event, followsFrom }: UnsignedEntry,
  before: readonly ExportedEntry[],
  signer: Signer,
  started: UnsignedEntry['event'] | undefined,
): Promise<ExportedEntry> {
  const index = before.length;
  const root = base64(rootOfEntries(before));
  const keys =
    started?.type === 'log.started'
      ? { logKey: started.logKey, serviceKey: started.serviceKey }
      : {};
  const made = event.type === 'workload.attested' && event.root === 'sealed later';
  const { statement, openings } = entryOf(
    made ? { ...event, ...keys, size: index, root } : event,
    index,
    followsFrom,
  );
  const asked = { email: '', at: event.at, issuer: 'uri', subject: WORKLOAD } as const;
  return { index, statement, openings, envelope: await signer.attest(statement, asked) };
}
