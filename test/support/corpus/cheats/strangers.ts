import { SERVICE } from '#domain/actor';
import { personId, type PersonId } from '#domain/ids';
import { serviceEnvelope, testKeys } from '#test/support/replay/sealed-log';
import { without } from '#test/support/replay/mutations/mutation';
import { entryOf } from '#test/support/replay/test-log';
import { sealForReal, type Base } from '../base.ts';
import { theLog, type Cheat } from '../cheat.ts';
import { entryAt, exportOf, withEntry, type Export } from '../export.ts';
import { forged } from '../forge.ts';
import { richHistory } from '../rich-history.ts';
import { startSigner, type Signer } from '../signer.ts';

const PLAYED = 'played-11';
const annotated = (base: Base): number => base.indexOf('deploy.annotated');
const approval = (base: Base): number => base.indexOf('approval.given', 'more');
const openedDrill = (base: Base): number => base.indexOf('request.opened', 'drill');

/** An entry of another tenant's log, or of another log of the tenant, rightly signed there. */
function foreign(base: Base, of: { readonly tenant?: string; readonly log?: string }): Export {
  const index = annotated(base);
  const unsigned = base.history.entries[index];
  if (unsigned === undefined) throw new RangeError('no deploy');
  const { statement, openings } = entryOf(unsigned.event, index, unsigned.followsFrom, of);
  const envelope = serviceEnvelope(statement, base.keys);
  return exportOf(
    withEntry(base.export, index, { statement, openings, envelope }).entries,
    base.keys,
  );
}

/** The flag of a bypass turned over in its entries, all signed anew by the service. */
function turned(base: Base, bypass: string, drill: boolean, but?: string): Promise<Export> {
  return forged(base, base.history, (log) =>
    log.map((entry) => {
      const { event } = entry;
      if (!('bypass' in event) || event.bypass !== bypass || event.type === but) return entry;
      return { ...entry, event: { ...event, drill } };
    }),
  );
}

/** The whole log written and signed anew, with what the attacker has of their own. */
async function rewritten(
  base: Base,
  keys = testKeys(),
  signer: Signer = base.signer,
): Promise<Export> {
  const history = await richHistory({ logKey: keys.vkey, serviceKey: keys.keyId }, signer);
  return exportOf(await sealForReal(history.entries, keys, signer), keys);
}

/** What is not of this log, and what passes for something else. */
export const STRANGERS: readonly Cheat[] = [
  {
    name: 'an entry of another tenant',
    apply: (base) => foreign(base, { tenant: '00000000-0000-4000-8000-000000000000' }),
    refused: {
      by: 'statements',
      code: 'tenant-differs',
      at: annotated,
      words: 'The entry is of tenant 00000000-0000-4000-8000-000000000000',
    },
  },
  {
    name: 'an entry of another log of the tenant',
    apply: (base) => foreign(base, { log: 'breakglass.example/other' }),
    refused: {
      by: 'statements',
      code: 'log-differs',
      at: annotated,
      words: 'The entry is of log breakglass.example/other',
    },
  },
  {
    name: 'a drill passed off as real',
    apply: (base) => turned(base, 'drill', false, 'request.opened'),
    refused: {
      by: 'replay',
      code: 'entry-differs-from-request',
      at: (base) => openedDrill(base) + 1,
      words: 'Gate, scope or drill of bypass drill differ from its request',
    },
  },
  {
    name: 'a bypass that was used passed off as a drill',
    apply: (base) => turned(base, PLAYED, true),
    refused: {
      by: 'replay',
      code: 'deploy-in-drill',
      at: annotated,
      words: `Deploy d1#1 is annotated in a drill of bypass ${PLAYED}`,
    },
  },
  {
    name: 'an approval that the service signed itself, though it says attested',
    apply: (base) => {
      const index = approval(base);
      const { statement } = entryAt(base.export, index);
      const envelope = serviceEnvelope(statement, base.keys);
      return exportOf(withEntry(base.export, index, { envelope }).entries, base.keys);
    },
    refused: {
      by: 'attestations',
      code: 'attested-without-bundle',
      at: approval,
      words: 'The entry of ben (ben@example.com) says attested; only the service signed it',
    },
  },
  {
    name: 'a provisional approval that comes in a bundle at once',
    apply: async (base) => {
      const index = base.indexOf('approval.given', 'first');
      const { statement } = entryAt(base.export, index);
      const asked = { email: 'ben@example.com', at: base.history.entries[index]?.event.at ?? 0 };
      const envelope = await base.signer.attest(statement, asked);
      return exportOf(withEntry(base.export, index, { envelope }).entries, base.keys);
    },
    refused: {
      by: 'attestations',
      code: 'provisional-with-bundle',
      at: (base) => base.indexOf('approval.given', 'first'),
      words: 'says provisional; a bundle signs it',
    },
  },
  {
    name: 'a whole log signed anew with keys and an authority of the attacker',
    apply: async (base) => {
      await using stranger = await startSigner(base.history.entries[0]?.event.at ?? 0);
      return await rewritten(base, testKeys(), stranger);
    },
    refused: {
      by: 'checkpoint',
      code: 'log-key-not-pinned',
      at: () => 0,
      words: 'which is not among those pinned',
    },
  },
  {
    name: 'a whole log signed anew with the keys of the service, but an authority of the attacker',
    apply: async (base) => {
      await using stranger = await startSigner(base.history.entries[0]?.event.at ?? 0);
      return await rewritten(base, base.keys, stranger);
    },
    refused: {
      by: 'attestations',
      code: 'bundle-refused',
      at: (base) => base.indexOf('workload.attested'),
      words: 'The bundle does not verify',
    },
  },
  {
    name: 'a whole log signed anew with the log key, but a service key of the attacker',
    apply: (base) => {
      const { keyId, spki, signService } = testKeys();
      return rewritten(base, { ...base.keys, keyId, spki, signService });
    },
    refused: {
      by: 'signatures',
      code: 'service-key-not-pinned',
      at: () => 0,
      words: 'which is not among those pinned',
    },
  },
  {
    name: 'a log that names a key of the attacker for its checkpoints',
    apply: async (base) => {
      const { event } = base.history.entries[0] ?? {};
      if (event?.type !== 'log.started') throw new RangeError('no start');
      const first = entryOf({ ...event, logKey: testKeys().vkey }, 0);
      const entries = base.history.entries.with(0, first);
      return exportOf(await sealForReal(entries, base.keys, base.signer), base.keys);
    },
    refused: {
      by: 'checkpoint',
      code: 'log-key-not-pinned',
      at: () => 0,
      words: 'which is not among those pinned',
    },
  },
  {
    name: 'a whole log signed anew with all keys of the service and its authority',
    apply: async (base) => {
      const { entries } = base.history;
      const late = entries.length - 1;
      const changed = entries.with(
        late,
        entryOf(
          { ...(entries[late]?.event ?? never()), actor: SERVICE, at: base.history.now + 1 },
          late,
        ),
      );
      return exportOf(await sealForReal(changed, base.keys, base.signer), base.keys);
    },
    brought: (base) => ({ savedCheckpoint: base.export.checkpoint }),
    refused: {
      by: 'consistency',
      code: 'saved-root-differs',
      at: theLog,
      words: 'The first 89 entries are not those of the saved checkpoint',
    },
  },
  {
    name: 'a log without its first entry, renumbered',
    apply: ({ export: { entries }, keys }) =>
      exportOf(
        entries.slice(1).map((entry, index) => ({ ...entry, index })),
        keys,
      ),
    refused: {
      by: 'signatures',
      code: 'genesis-missing',
      at: () => 0,
      words: 'does not start with an entry that names its keys',
    },
  },
  {
    name: 'an approver who was never enrolled',
    apply: (base) =>
      forged(base, base.history, (log) =>
        without(log, (event) => event.type === 'person.enrolled' && event.person === 'ben'),
      ),
    refused: {
      by: 'identities',
      code: 'identity-unknown',
      at: (base) => base.indexOf('approval.given') - 1,
      words: 'ben was never enrolled, yet ben@example.com signed for them',
    },
  },
  {
    name: 'an account that is enrolled again with another e-mail',
    apply: (base) => enrolledAs(base, 'T1/amy', 'amy@example.com.evil.io', personId('amy')),
    refused: {
      by: 'identities',
      code: 'account-rebound',
      at: (base) => base.indexOf('person.enrolled') + 1,
      words: 'An account of amy (amy@example.com) was enrolled again with another e-mail',
    },
  },
  {
    name: 'the account of one person enrolled for another',
    apply: (base) => enrolledAs(base, 'T1/amy', 'amy.second@example.com'),
    refused: {
      by: 'identities',
      code: 'account-on-two-people',
      at: (base) => base.indexOf('person.enrolled') + 1,
      words: 'was enrolled for amy (amy@example.com) before',
    },
  },
  {
    name: 'the e-mail of one person, in capitals, enrolled for another',
    apply: (base) => enrolledAs(base, 'T2/amy', 'AMY@example.com'),
    refused: {
      by: 'identities',
      code: 'email-on-two-people',
      at: (base) => base.indexOf('person.enrolled') + 1,
      words: 'was enrolled for amy (amy@example.com) before',
    },
  },
];

/** The second person to be enrolled gets this account and e-mail. */
async function enrolledAs(
  base: Base,
  account: string,
  email: string,
  person?: PersonId,
): Promise<Export> {
  const index = base.indexOf('person.enrolled') + 1;
  const { event } = base.history.entries[index] ?? {};
  if (event?.type !== 'person.enrolled') throw new RangeError('nobody was enrolled');
  const entry = entryOf(
    { ...event, person: person ?? event.person, detached: { account, email } },
    index,
  );
  const entries = base.history.entries.with(index, entry);
  return exportOf(await sealForReal(entries, base.keys, base.signer), base.keys);
}

function never(): never {
  throw new RangeError('the log is too short');
}
