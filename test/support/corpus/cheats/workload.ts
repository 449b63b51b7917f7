import { base64 } from '#ledger/digest';
import type { EntryEvent } from '#ledger/entry-draft';
import type { FindingCode } from '#ledger/verify/words';
import { serviceEnvelope, testKeys } from '#test/support/replay/sealed-log';
import { entryOf } from '#test/support/replay/test-log';
import type { Base } from '../base.ts';
import type { Cheat } from '../cheat.ts';
import { entryAt, exportOf, withEntry, type Export } from '../export.ts';
import { WORKLOAD, type Asked } from '../signer.ts';
import { forgeCertificate } from '../forged-certificate.ts';

type Attested = Extract<EntryEvent, { type: 'workload.attested' }>;

const at = (base: Base): number => base.indexOf('workload.attested');

function eventOf(base: Base): Attested {
  const { event } = base.history.entries[at(base)] ?? {};
  if (event?.type !== 'workload.attested') throw new RangeError('no workload');
  const { predicate } = JSON.parse(
    new TextDecoder().decode(entryAt(base.export, at(base)).statement),
  ) as { readonly predicate: { readonly event: { readonly root: string } } };
  return { ...event, root: predicate.event.root };
}

/** The workload vouches for something else; rightly signed. */
async function vouching(
  base: Base,
  over: (event: Attested) => Partial<Attested>,
  asked: Partial<Asked> = {},
): Promise<Export> {
  const event = eventOf(base);
  const { statement, openings } = entryOf({ ...event, ...over(event) }, at(base));
  const who = { email: '', at: event.at, issuer: 'uri', subject: WORKLOAD } as const;
  const envelope = await base.signer.attest(statement, { ...who, ...asked });
  const changed = withEntry(base.export, at(base), { statement, openings, envelope });
  return exportOf(changed.entries, base.keys);
}

const told = (code: FindingCode, words: string): Cheat['refused'] => ({
  by: 'workload',
  code,
  at,
  words,
});

/** What the service's workload vouches for, and who says that it is it. */
export const WORKLOADS: readonly Cheat[] = [
  {
    name: 'another workload that the root trusts',
    apply: (base) => vouching(base, () => ({}), { subject: 'breakglass-evil' }),
    refused: told('workload-not-pinned', 'https://ci.example.com/breakglass-evil'),
  },
  {
    name: 'a person in place of the workload',
    apply: (base) => vouching(base, () => ({}), { issuer: 'ours', email: 'amy@example.com' }),
    refused: told('workload-not-uri', 'amy@example.com vouched for the log: an e-mail'),
  },
  {
    name: 'the workload’s URI by another issuer that the root trusts',
    apply: async (base) => {
      const { uri } = base.signer.workload;
      const { at: time } = eventOf(base);
      const says = { emails: [], uris: [uri], at: time, tokenSubject: uri };
      return vouching(base, () => ({}), { certified: await forgeCertificate(base.signer, says) });
    },
    refused: told('workload-not-pinned', 'which is not among the workloads pinned'),
  },
  {
    name: 'the word of the workload, signed by the service’s own key',
    apply: (base) => {
      const { statement } = entryAt(base.export, at(base));
      const envelope = serviceEnvelope(statement, base.keys);
      return exportOf(withEntry(base.export, at(base), { envelope }).entries, base.keys);
    },
    refused: told('workload-without-bundle', 'only the service’s own key did'),
  },
  {
    name: 'the word of the workload for another log key',
    apply: (base) => vouching(base, () => ({ logKey: testKeys().vkey })),
    refused: told('workload-keys', 'The workload vouched for the key breakglass.example'),
  },
  {
    name: 'the word of the workload for another service key',
    apply: (base) => vouching(base, () => ({ serviceKey: testKeys().keyId })),
    refused: told('workload-keys', 'The workload vouched for the key'),
  },
  {
    name: 'the word of the workload for more entries than there were',
    apply: (base) => vouching(base, ({ size }) => ({ size: size + 1 })),
    refused: told('workload-size', 'entries where there were'),
  },
  {
    name: 'the word of the workload for another root',
    apply: (base) => vouching(base, () => ({ root: base64(new Uint8Array(32)) })),
    refused: told('workload-root', 'another root of the first'),
  },
  {
    name: 'the word of the workload for the root of fewer entries',
    apply: (base) => vouching(base, ({ size }) => ({ size: size - 1 })),
    refused: told('workload-root', 'another root of the first'),
  },
  {
    name: 'the word of the workload for a log whose past was rewritten since',
    apply: (base) => {
      const { statement } = entryAt(base.export, 1);
      const envelope = serviceEnvelope(statement, base.keys);
      return exportOf(withEntry(base.export, 1, { envelope }).entries, base.keys);
    },
    refused: told('workload-root', 'another root of the first'),
  },
];
