import type { JsonValue } from '#ledger/canonical-json';
import { serviceEnvelope, testKeys } from '#test/support/replay/sealed-log';
import type { Base } from '../base.ts';
import type { Cheat } from '../cheat.ts';
import { entryAt, withEntry, type Export } from '../export.ts';

type Members = Readonly<Record<string, JsonValue>>;
interface Dsse extends Members {
  readonly payload: string;
  readonly payloadType: string;
  readonly signatures: readonly { readonly sig: string; readonly keyid: string }[];
}

/** An entry that the service's own key signs. */
const at = (base: Base): number => base.indexOf('bypass.activated');
const envelopeOf = (base: Base, index: number): Dsse =>
  entryAt(base.export, index).envelope as unknown as Dsse;

function changed(base: Base, change: (envelope: Dsse) => JsonValue): Export {
  return withEntry(base.export, at(base), { envelope: change(envelopeOf(base, at(base))) });
}

const signedWith = (base: Base, over: Partial<Dsse['signatures'][number]>): Export =>
  changed(base, (envelope) => ({
    ...envelope,
    signatures: envelope.signatures.map((one) => ({ ...one, ...over })),
  }));

const refused = (code: Cheat['refused']['code'], words: string): Cheat['refused'] => ({
  by: 'signatures',
  code,
  at,
  words,
});

const NO_ENVELOPE = refused('envelope-malformed', 'neither a bundle nor a DSSE envelope');
const NOT_THE_KEYS = refused('service-signature-wrong', "not the service key's");

/** The signature of an entry that the service signs itself. */
export const ENVELOPES: readonly Cheat[] = [
  {
    name: 'a signature with its last bits changed',
    apply: (base) => {
      const [signature] = envelopeOf(base, at(base)).signatures;
      const bytes = Buffer.from(signature?.sig ?? '', 'base64');
      bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
      return signedWith(base, { sig: bytes.toString('base64') });
    },
    refused: NOT_THE_KEYS,
  },
  {
    name: 'the signature of another entry',
    apply: (base) =>
      signedWith(base, {
        sig: envelopeOf(base, base.indexOf('bypass.closed')).signatures[0]?.sig ?? '',
      }),
    refused: NOT_THE_KEYS,
  },
  {
    name: 'an empty signature',
    apply: (base) => signedWith(base, { sig: '' }),
    refused: NOT_THE_KEYS,
  },
  {
    name: 'a signature in another spelling of base64',
    apply: (base) => {
      const sig = envelopeOf(base, at(base)).signatures[0]?.sig ?? '';
      return signedWith(base, { sig: `${sig}=` });
    },
    refused: NO_ENVELOPE,
  },
  {
    name: 'a signature by a key of the attacker, under the name of the service key',
    apply: (base) => {
      const { statement } = entryAt(base.export, at(base));
      const stranger = { ...testKeys(), keyId: base.keys.keyId };
      return changed(base, () => serviceEnvelope(statement, stranger));
    },
    refused: NOT_THE_KEYS,
  },
  {
    name: 'a signature by a key of the attacker, which the export holds beside the service key',
    apply: (base) => {
      const stranger = testKeys();
      const { statement } = entryAt(base.export, at(base));
      const signed = changed(base, () => serviceEnvelope(statement, stranger));
      const { keyId, spki } = stranger;
      const serviceKeys = [...signed.header.serviceKeys, { keyId, spki }];
      return { ...signed, header: { ...signed.header, serviceKeys } };
    },
    refused: refused('service-key-unknown', 'which the log does not name'),
  },
  {
    name: 'another name for the key',
    apply: (base) => signedWith(base, { keyid: testKeys().keyId }),
    refused: refused('service-key-unknown', 'which the log does not name'),
  },
  {
    name: 'no signature',
    apply: (base) => changed(base, (envelope) => ({ ...envelope, signatures: [] })),
    refused: NO_ENVELOPE,
  },
  {
    name: 'a second signature',
    apply: (base) =>
      changed(base, (envelope) => ({
        ...envelope,
        signatures: [...envelope.signatures, ...envelope.signatures],
      })),
    refused: NO_ENVELOPE,
  },
  {
    name: 'another payload type',
    apply: (base) => changed(base, (envelope) => ({ ...envelope, payloadType: 'text/plain' })),
    refused: refused('payload-type-wrong', 'another payload type than in-toto'),
  },
  {
    name: 'the whole envelope of another entry',
    apply: (base) => changed(base, () => envelopeOf(base, base.indexOf('bypass.closed'))),
    refused: refused('payload-differs', 'signs other bytes than the statement'),
  },
  {
    name: 'the statement and the envelope of another entry under its index',
    apply: (base) => {
      const { statement, envelope } = entryAt(base.export, base.indexOf('request.denied'));
      return withEntry(base.export, at(base), { statement, envelope, openings: {} });
    },
    refused: {
      by: 'replay',
      code: 'follows-unknown',
      at,
      words: 'which is no earlier entry of this log',
    },
  },
  {
    name: 'an entry behind an approval dated back a year, in the envelope too',
    apply: (base) => {
      const text = new TextDecoder().decode(entryAt(base.export, at(base)).statement);
      const statement = Buffer.from(text.replace('"at":"2026-', '"at":"2025-'));
      const payload = statement.toString('base64');
      const envelope = { ...envelopeOf(base, at(base)), payload };
      return withEntry(base.export, at(base), { statement, envelope });
    },
    refused: NOT_THE_KEYS,
  },
  {
    name: 'something that is no envelope',
    apply: (base) => changed(base, () => 'signed'),
    refused: NO_ENVELOPE,
  },
  {
    name: 'a bundle of an approver over what the service says',
    apply: async (base) => {
      const { statement } = entryAt(base.export, at(base));
      const asked = { email: 'ben@example.com', at: base.history.now };
      const envelope = await base.signer.attest(statement, asked);
      return withEntry(base.export, at(base), { envelope });
    },
    refused: refused('bundle-unexpected', 'A bundle signs an entry that is the service’s own'),
  },
];
