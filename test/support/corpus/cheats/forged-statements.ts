import { canonicalJson, type JsonValue } from '#ledger/canonical-json';
import { serviceEnvelope } from '#test/support/replay/sealed-log';
import type { Base } from '../base.ts';
import type { Cheat } from '../cheat.ts';
import { entryAt, exportOf, jsonOf, withEntry, type Export } from '../export.ts';

type Members = Readonly<Record<string, JsonValue>>;
interface Written extends Members {
  readonly predicate: Members & { readonly event: Members };
}

const at = (base: Base): number => base.indexOf('deploy.annotated');

/** Any bytes for a statement, signed by the service's key and under a fresh checkpoint. */
function signed(base: Base, statement: Uint8Array): Export {
  const envelope = serviceEnvelope(statement, base.keys);
  return exportOf(withEntry(base.export, at(base), { statement, envelope }).entries, base.keys);
}

const changed = (base: Base, change: (written: Written) => JsonValue): Export =>
  signed(base, canonicalJson(change(jsonOf(entryAt(base.export, at(base)).statement) as Written)));

const event =
  (over: Members) =>
  (written: Written): JsonValue => ({
    ...written,
    predicate: { ...written.predicate, event: { ...written.predicate.event, ...over } },
  });

const refused = (code: Cheat['refused']['code'], words: string): Cheat['refused'] => ({
  by: 'statements',
  code,
  at,
  words,
});

/** Statements that the service signed and that say nothing which can be relied on. */
export const FORGED_STATEMENTS: readonly Cheat[] = [
  {
    name: 'a signed statement that is not canonical JSON',
    apply: (base) => {
      const { statement } = entryAt(base.export, at(base));
      return signed(base, Buffer.concat([statement, Buffer.from('\n')]));
    },
    refused: refused('statement-not-canonical', 'not canonical JSON'),
  },
  {
    name: 'a signed statement of something else than an audit entry',
    apply: (base) => changed(base, (one) => ({ ...one, predicateType: 'https://slsa.dev' })),
    refused: refused('statement-foreign', '$.predicateType'),
  },
  {
    name: 'a signed statement under rules of its own',
    apply: (base) =>
      changed(base, (one) => ({ ...one, predicate: { ...one.predicate, semantics: 2 } })),
    refused: refused('statement-semantics', 'rules that this verifier does not know'),
  },
  {
    name: 'a signed statement of an unknown type',
    apply: (base) => changed(base, event({ type: 'deploy.forgotten' })),
    refused: refused('statement-event-unknown', 'of a type that this verifier does not know'),
  },
  {
    name: 'a signed statement with a member more',
    apply: (base) => changed(base, event({ approvedLater: true })),
    refused: refused('statement-shape', '$.predicate.event.approvedLater'),
  },
  {
    name: 'a signed statement whose subject is another artifact than its event says',
    apply: (base) =>
      changed(base, (one) => ({
        ...one,
        subject: (one['subject'] as readonly Members[]).map((subject) => ({
          ...subject,
          digest: { sha256: 'cd'.repeat(32) },
        })),
      })),
    refused: refused('statement-subject', 'The subjects are not those of the entry'),
  },
];
