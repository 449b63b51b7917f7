import type { JsonValue } from '#ledger/canonical-json';
import type { Base } from '../base.ts';
import type { Cheat } from '../cheat.ts';
import { entryAt, exportOf, withEntry, type Export } from '../export.ts';
import { startSigner } from '../signer.ts';

type Members = Readonly<Record<string, JsonValue>>;
type Path = readonly (string | number)[];

const at = (base: Base): number => base.indexOf('approval.given', 'more');
const otherAt = (base: Base): number => base.indexOf('approval.given');

const MATERIAL: Path = ['verificationMaterial'];
const STAMPS: Path = [...MATERIAL, 'timestampVerificationData', 'rfc3161Timestamps'];
const LOG: Path = [...MATERIAL, 'tlogEntries'];
const PROOF: Path = [...LOG, 0, 'inclusionProof'];

function valueAt(from: JsonValue, path: Path): JsonValue {
  return path.reduce<JsonValue>((value, key) => (value as Members)[key] ?? null, from);
}

function withValue(from: JsonValue, path: Path, value: JsonValue): JsonValue {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (Array.isArray(from) && typeof key === 'number')
    return from.with(key, withValue(from[key] ?? null, rest, value)) as JsonValue;
  const members = from as Members;
  return { ...members, [key]: withValue(members[key] ?? null, rest, value) };
}

/** The bundle changed by whoever holds the log's key, so that the tree cannot tell. */
function changed(base: Base, path: Path, to: (before: JsonValue) => JsonValue): Export {
  const { envelope } = entryAt(base.export, at(base));
  const over = { envelope: withValue(envelope, path, to(valueAt(envelope, path))) };
  return exportOf(withEntry(base.export, at(base), over).entries, base.keys);
}

/** The same part of another approval's bundle in its place. */
const swapped = (base: Base, path: Path): Export =>
  changed(base, path, () => valueAt(entryAt(base.export, otherAt(base)).envelope, path));

function flipped(value: JsonValue): JsonValue {
  if (typeof value !== 'string') throw new TypeError('not base64');
  const bytes = Buffer.from(value, 'base64');
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  return bytes.toString('base64');
}

/** The approval signed under its own certificate, and witnessed by another authority. */
async function witnessedElsewhere(base: Base, path: Path): Promise<Export> {
  const { statement } = entryAt(base.export, at(base));
  const time = base.history.entries[at(base)]?.event.at ?? 0;
  await using stranger = await startSigner(time);
  const asked = { email: 'ben@example.com', at: time, witnesses: stranger };
  const elsewhere = await base.signer.attest(statement, asked);
  const here = await base.signer.attest(statement, { email: 'ben@example.com', at: time });
  const envelope = withValue(here, path, valueAt(elsewhere, path));
  return exportOf(withEntry(base.export, at(base), { envelope }).entries, base.keys);
}

const refused = (words: string): Cheat['refused'] => ({
  by: 'attestations',
  code: 'bundle-refused',
  at,
  words: `The bundle does not verify: ${words}`,
});
const STAMP = refused('a timestamp');
const ENTRY = refused('its entry in the transparency log');

/** Who saw when an approval was signed, and that it was. */
export const WITNESSES: readonly Cheat[] = [
  {
    name: 'the timestamp of another signature',
    apply: (base) => swapped(base, STAMPS),
    refused: STAMP,
  },
  {
    name: 'a timestamp with its last bit changed',
    apply: (base) => changed(base, [...STAMPS, 0, 'signedTimestamp'], flipped),
    refused: STAMP,
  },
  { name: 'no timestamp', apply: (base) => changed(base, STAMPS, () => []), refused: STAMP },
  {
    name: 'a second timestamp, of another signature',
    apply: (base) =>
      changed(base, STAMPS, (own) => [
        ...(own as JsonValue[]),
        ...(valueAt(entryAt(base.export, otherAt(base)).envelope, STAMPS) as JsonValue[]),
      ]),
    refused: STAMP,
  },
  {
    name: 'a timestamp by an authority that nobody trusts',
    apply: (base) => witnessedElsewhere(base, STAMPS),
    refused: STAMP,
  },
  {
    name: 'an entry in a log that nobody trusts',
    apply: (base) => witnessedElsewhere(base, LOG),
    refused: ENTRY,
  },
  {
    name: 'the log entry of another signature',
    apply: (base) => swapped(base, LOG),
    refused: ENTRY,
  },
  { name: 'no log entry', apply: (base) => changed(base, LOG, () => []), refused: ENTRY },
  ...[
    ['the inclusion proof', PROOF],
    ['the hashes of the inclusion proof', [...PROOF, 'hashes']],
    ['the checkpoint', [...PROOF, 'checkpoint']],
    ['the body', [...LOG, 0, 'canonicalizedBody']],
    ['the promise', [...LOG, 0, 'inclusionPromise']],
  ].map(([name, path]): Cheat => ({
    name: `${String(name)} of another log entry`,
    apply: (base) => swapped(base, path as Path),
    refused: ENTRY,
  })),
  {
    name: 'a promise of the log with its last bit changed',
    apply: (base) =>
      changed(base, [...LOG, 0, 'inclusionPromise', 'signedEntryTimestamp'], flipped),
    refused: ENTRY,
  },
  {
    name: 'a later time of the log',
    apply: (base) => changed(base, [...LOG, 0, 'integratedTime'], (time) => `${Number(time) + 60}`),
    refused: ENTRY,
  },
  {
    name: 'the certificate of another approval',
    apply: (base) => swapped(base, [...MATERIAL, 'certificate']),
    refused: ENTRY,
  },
  {
    name: 'the signature of another approval',
    apply: (base) => swapped(base, ['dsseEnvelope', 'signatures']),
    refused: refused('its signature is not'),
  },
  {
    name: 'the whole bundle of another approval',
    apply: (base) => changed(base, [], () => entryAt(base.export, otherAt(base)).envelope),
    refused: {
      by: 'signatures',
      code: 'payload-differs',
      at,
      words: 'signs other bytes than the statement',
    },
  },
];
