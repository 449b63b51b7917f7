import { bundleReason, noteReason } from '../reasons.ts';
import { expected, found, rowsOf, when, who, type Row } from './terms.ts';

const inExport = rowsOf('export');
const statement = rowsOf('statements');
const signature = rowsOf('signatures');
const attestation = rowsOf('attestations');
const identity = rowsOf('identities');
const inclusion = rowsOf('inclusion');
const checkpoint = rowsOf('checkpoint');
const consistency = rowsOf('consistency');
const witness = rowsOf('witnesses');

/** What is called wrong with single entries, their signatures, and the tree that they make. */
export const ENTRY_WORDS = {
  'export-unreadable': inExport((a) => `Line ${found(a)} cannot be read: ${expected(a)}`),
  'index-gap': inExport((a) => `Index ${found(a)} stands where ${expected(a)} should`),
  'policy-digest-wrong': inExport((a) => `The content of policy ${found(a)} has another digest`),
  'service-key-misnamed': inExport((a) => `Service key ${found(a)} has another digest`),
  'statement-not-canonical': statement(() => 'The statement is not canonical JSON'),
  'statement-foreign': statement((a) => `Not a statement of an audit entry: ${found(a)}`),
  'statement-semantics': statement(
    () => 'The entry was made under rules that this verifier does not know',
  ),
  'statement-event-unknown': statement(
    () => 'The entry is of a type that this verifier does not know',
  ),
  'statement-shape': statement((a) => `The statement has a wrong form at ${found(a)}`),
  'statement-subject': statement(() => 'The subjects are not those of the entry'),
  'tenant-differs': statement((a) => `The entry is of tenant ${found(a)}, not ${expected(a)}`),
  'log-differs': statement((a) => `The entry is of log ${found(a)}, not ${expected(a)}`),
  'opening-mismatch': statement(
    (a) => `The value shown for ${found(a)} is not the one that was signed`,
  ),
  'opening-unexpected': statement(
    (a) => `A value is shown for ${found(a)}, which the entry does not have`,
  ),
  'genesis-missing': signature(() => 'The log does not start with an entry that names its keys'),
  'envelope-malformed': signature(
    () => 'The envelope is neither a bundle nor a DSSE envelope with one signature',
  ),
  'payload-type-wrong': signature(() => 'The envelope is of another payload type than in-toto'),
  'payload-differs': signature(() => 'The envelope signs other bytes than the statement'),
  'service-key-unknown': signature(
    (a) => `Signed with key ${found(a)}, which the log does not name or the export does not hold`,
  ),
  'service-key-not-pinned': signature(
    (a) => `The log names service key ${found(a)}, which is not among those pinned`,
  ),
  'service-signature-wrong': signature(() => "The signature is not the service key's"),
  'service-key-retired': signature(
    (a) => `Signed with key ${found(a)}, which the log replaced before by ${expected(a)}`,
  ),
  'rotation-from-wrong': signature(
    (a) => `The rotation replaces ${found(a)}; the key in force is ${expected(a)}`,
  ),
  'rotation-key-reused': signature(
    (a) => `The rotation names ${found(a)}, which was in force before`,
  ),
  'rotation-key-unreadable': signature(
    (a) => `The rotation names ${found(a)}, which is no key of this log`,
  ),
  'rotation-signed-wrong': signature(
    (a) => `The rotation of the service key is not signed by ${expected(a)}, as by the other key`,
  ),
  'bundle-unexpected': signature(() => 'A bundle signs an entry that is the service’s own'),
  'bundle-refused': attestation((a) => `The bundle does not verify: ${bundleReason(found(a))}`),
  'attested-without-bundle': attestation(
    (a) => `The entry of ${who(a)} says attested; only the service signed it`,
  ),
  'provisional-with-bundle': attestation(
    (a) => `The approval of ${who(a)} says provisional; a bundle signs it`,
  ),
  'token-subject-wrong': attestation(
    (a) => `The certificate was issued for ${found(a)}, not for this statement`,
  ),
  'issuer-not-pinned': attestation((a) => `The issuer ${found(a)} is not among those pinned`),
  'signed-too-early': attestation(
    (a) => `Signed at ${when(a.found)} by its timestamps, before ${when(a.expected)}, its own time`,
  ),
  'signed-too-late': attestation(
    (a) =>
      `Signed at ${when(a.found)} by its timestamps, after ${when(a.expected)}, when the entry behind it was made`,
  ),
  'identity-unknown': identity(
    (a) => `${who(a)} was never enrolled, yet ${found(a)} signed for them`,
  ),
  'identity-differs': identity((a) => `${found(a)} signed for ${who(a)}, who has another e-mail`),
  'account-on-two-people': identity(
    (a) => `An account of ${who(a)} was enrolled for ${expected(a)} before`,
  ),
  'email-on-two-people': identity(
    (a) => `The e-mail of ${who(a)} was enrolled for ${expected(a)} before`,
  ),
  'account-rebound': identity(
    (a) => `An account of ${who(a)} was enrolled again with another e-mail`,
  ),
  'size-differs': inclusion(
    (a) => `The checkpoint is of ${expected(a)} entries; the export has ${found(a)}`,
  ),
  'root-differs': inclusion(() => 'The entries do not give the root of the checkpoint'),
  'checkpoint-refused': checkpoint(
    (a) => `The checkpoint is not one of this log under a pinned key: ${noteReason(found(a))}`,
  ),
  'log-key-not-pinned': checkpoint(
    (a) => `The log names the key ${found(a)}, which is not among those pinned`,
  ),
  'rotation-checkpoint-missing': checkpoint(
    () => 'No checkpoint that both keys sign stands behind the rotation of the log key',
  ),
  'rotation-checkpoint-wrong': checkpoint(
    (a) => `The checkpoint behind the rotation of the log key is not signed by ${expected(a)}`,
  ),
  'saved-checkpoint-refused': consistency(
    (a) =>
      `The saved checkpoint is not one of this log under a pinned key: ${noteReason(found(a))}`,
  ),
  'saved-checkpoint-ahead': consistency(
    (a) => `The saved checkpoint covers ${expected(a)} entries; the export has only ${found(a)}`,
  ),
  'saved-root-differs': consistency(
    (a) => `The first ${found(a)} entries are not those of the saved checkpoint`,
  ),
  'cosignature-wrong': witness(
    (a) =>
      `Under the checkpoint of ${found(a)} entries stands a cosignature in the name of a pinned witness that is not by its key`,
  ),
} satisfies Record<string, Row>;
