import type { Chain } from '#domain/bypass/chain';
import type { Deadline } from '#domain/bypass/deadlines';
import type { OtherBypass } from '#domain/bypass/context';
import type { OpenBypass } from '#domain/decision';
import type { BypassId, ChainId, DigestText, PersonId, TenantId } from '#domain/ids';
import type { Instant } from '#domain/instant';
import type { DeployFacts } from '#domain/scope';
import type { Digest } from '#ledger/digest';
import type { Frontier, HashedNode } from '#ledger/compact-range';
import type { TextOpening } from '#ledger/statement';
import type { AskedBy } from '../decision/asked-by.ts';
import type { PolicyVersion } from './policy-version.ts';
import type { Account } from './account.ts';
import type { MessageRef, NewPress, PressAction, PressWay } from './press.ts';
import type { Recipient, StoredNote, Surface, SurfaceKind } from './surface.ts';
import type { Receipt } from './card.ts';
import type { ClaimReads, ClaimWrites } from './claims.ts';
import type { DrillReads, DrillWrites } from './drill.ts';
import type { ErasureReads, ErasureWrites } from './erasure.ts';
import type { EventWrites } from './events.ts';
import type { GateWrites } from './gate-pushes.ts';
import type { HomeWrites } from './home.ts';
import type { IncidentReads, IncidentWrites } from './incidents.ts';
import type { KeyPurpose, KeyVersions } from './key-versions.ts';
import type { LinkWrites } from './link-store.ts';
import type { MineReads } from './mine.ts';
import type { EntryReads, ProvenanceWrites } from './provenance.ts';
import type { QuestionReads, QuestionWrites } from './questions.ts';
import type { MarkReads, MarkWrites } from './timeline-marks.ts';
import type { WarningWrites } from './threads.ts';
import type { WorkloadState } from './workload.ts';
import type { SignInReads, SignInWrites } from './sign-in-store.ts';

/** A tenant's rows. Each call of `read` or `locked` is one transaction that sees this tenant alone. */
export interface TenantStore {
  read<T>(tenant: TenantId, work: (tx: TenantReads) => Promise<T>): Promise<T>;
  /**
   * Runs `work` as the tenant's only writer: the log's head is locked first, so whatever it reads
   * stands until it commits. Nothing of it is seen if it throws.
   */
  locked<T>(tenant: TenantId, work: (tx: TenantWrites) => Promise<T>): Promise<T>;
}

/** What questions are judged by. */
export interface Sight {
  /** The version in force; `null` before the first. */
  readonly current: PolicyVersion | null;
  /** At least those that open the gates. */
  readonly open: readonly ActivatedBypass[];
  /** The versions they were approved under. */
  readonly versions: ReadonlyMap<DigestText, PolicyVersion>;
  /** The database's clock, read after all else. */
  readonly now: Instant;
}

/** A chain with what its entries and rows say beside its state. */
export interface ChainWith {
  readonly chain: Chain;
  /** Those that others may rest on, without what they say: few, however many deploys a chain has. */
  readonly heads: readonly EntryHead[];
  readonly columns: readonly BypassColumns[];
}

export interface SightReads {
  /** All that questions about these gates are judged by. */
  sight(gates: readonly string[]): Promise<Sight>;
  /** The chain of a bypass. */
  chainWith(bypass: BypassId): Promise<ChainWith | null>;
}

export interface TenantReads
  extends
    SightReads,
    SignInReads,
    IncidentReads,
    EntryReads,
    MineReads,
    ClaimReads,
    QuestionReads,
    MarkReads,
    DrillReads,
    ErasureReads {
  /** The database's clock, asked anew at each call. */
  now(): Promise<Instant>;
  /** The log's origin line. */
  logOrigin(): Promise<string>;
  /** The versions of the keys in force. A commit goes by those of the head that it locked. */
  keyVersions(): Promise<KeyVersions>;
  /** A key as it is sealed; `null` if there is none of this version. */
  sealedKey(purpose: KeyPurpose, version: number): Promise<Uint8Array | null>;
  currentPolicy(): Promise<PolicyVersion | null>;
  policy(digest: DigestText): Promise<PolicyVersion | null>;
  chainOf(bypass: BypassId): Promise<Chain | null>;
  bypass(bypass: BypassId): Promise<BypassRow | null>;
  /** Statement digests of the entries of a chain, in log order. */
  entriesOf(chain: ChainId): Promise<readonly EntryRow[]>;
  /** Those that others may rest on, without what they say: few, however many deploys a chain has. */
  entryHeadsOf(chain: ChainId): Promise<readonly EntryHead[]>;
  /** Those that are active and open this gate, alone or with others. */
  openBypasses(gate: string): Promise<readonly ActivatedBypass[]>;
  /** Those, active or closed, by which this gate was open at some time between these two. */
  openedBetween(gate: string, from: Instant, to: Instant): Promise<readonly ActivatedBypass[]>;
  otherActive(except: BypassId | null): Promise<readonly OtherBypass[]>;
  /** Drills and real requests are counted apart. */
  waitingOf(person: PersonId, drill: boolean): Promise<number>;
  /** How many requests this person made after that time, whatever became of them. */
  openedSince(person: PersonId, drill: boolean, since: Instant): Promise<number>;
  leasesOf(bypass: BypassId): Promise<Readonly<Record<string, Instant>>>;
  /**
   * Bypasses that know this deploy, active or closed. A deploy is what one run does to one service
   * in one environment at one gate: runs often ship to several with the same id.
   *
   * @param deploy what it is called.
   */
  bypassesOfDeploy(about: DeployFacts, deploy: string): Promise<readonly DeployLease[]>;
  /**
   * The earliest so many that people are looked up for and so many others, in the order in which they
   * fell due. One that was put off stays away until then. Those of an unknown kind come where nothing
   * else is due: whatever their number, they hold up nothing.
   */
  dueDeadlines(limit: number): Promise<readonly DueDeadline[]>;
  person(account: Account): Promise<EnrolledAccount | null>;
  /** Whether a certificate address already stands for somebody else, its case aside. */
  emailTaken(email: string, by: PersonId | null): Promise<boolean>;
  /** The address and entry that a person's first enrolled account was bound with. */
  enrolmentOf(person: PersonId): Promise<{ readonly email: string; readonly entry: Digest } | null>;
  /** A row for each account; those in a workspace of the tenant first. */
  people(ids: readonly PersonId[]): Promise<readonly PersonRow[]>;
  /** Who was asked, and for which requirement. */
  asked(bypass: BypassId): Promise<readonly AskedRow[]>;
  deniedSince(bypass: BypassId, since: Instant): Promise<readonly BypassId[]>;
  /** How many requests for the same gate, service and environment ended without a decision since. */
  undecidedSince(
    bypass: BypassId,
    since: Instant,
  ): Promise<{ readonly withdrawn: number; readonly lapsed: number }>;
  /** When the last of the bypasses expires that stood beside this one at that time; drills aside. */
  openBesideUntil(bypass: BypassId, at: Instant): Promise<Instant | null>;
  /** Whether a provisional entry was attested since. */
  isAttested(entry: Digest): Promise<boolean>;
  surface(id: string): Promise<Surface | null>;
  surfacesOf(bypass: BypassId): Promise<readonly Surface[]>;
  press(id: string): Promise<PressRow | null>;
  workloadState(): Promise<WorkloadState>;
}

export interface TenantWrites
  extends
    TenantReads,
    SignInWrites,
    EventWrites,
    GateWrites,
    IncidentWrites,
    ProvenanceWrites,
    ClaimWrites,
    QuestionWrites,
    MarkWrites,
    WarningWrites,
    HomeWrites,
    LinkWrites,
    DrillWrites,
    ErasureWrites {
  readonly log: LockedHead;
  addSealedKey(purpose: KeyPurpose, version: number, sealed: Uint8Array): Promise<void>;
  /** @throws LogHeld where the log was rolled back and nobody said that they know. */
  append(batch: SealedBatch): Promise<void>;
  /** The log goes on from where it is: what is appended from here on stands. */
  acknowledgeRestore(): Promise<void>;
  saveChain(chain: Chain, rows: readonly BypassColumns[]): Promise<void>;
  replaceDeadlines(chain: Chain, deadlines: readonly Deadline[]): Promise<void>;
  endDeadline(deadline: DueDeadline): Promise<void>;
  /** Comes back to those that are due after a pause that doubles with each time, 30 s at most. */
  postponeEscalations(bypasses: readonly BypassId[]): Promise<void>;
  /** Looks again who may decide, so long from now; once the request is decided it is forgotten. */
  addRecheck(bypass: BypassId, afterMs: number): Promise<void>;
  hasReminderAfter(bypass: BypassId, after: Instant): Promise<boolean>;
  addReminder(bypass: BypassId, dueAt: Instant): Promise<void>;
  /** `false` for a deploy that somebody else asked for: its lease is not changed. Each deploy once. */
  renewLeases(
    leases: readonly (LeaseOf & { readonly by: AskedBy })[],
    until: Instant,
  ): Promise<readonly boolean[]>;
  /** A deploy goes on under another bypass, for as long as it last said and for who asked for it. */
  takeOverLease(from: LeaseOf, to: LeaseOf): Promise<void>;
  /** A deploy whose end is awaited, or no longer. */
  setPending(bypass: BypassId, deploy: string, pending: boolean): Promise<void>;
  ask(
    bypass: BypassId,
    people: readonly { readonly person: PersonId; readonly from: string }[],
  ): Promise<void>;
  /** They may not decide any more, each for one requirement, until they are asked again. */
  markGone(
    bypass: BypassId,
    people: readonly { readonly person: PersonId; readonly from: string }[],
  ): Promise<void>;
  /** Makes the surface unless it is there, and marks that its content changed. */
  wantSurface(surface: NewSurface): Promise<void>;
  /** Marks that everything that shows this bypass must be rendered again. */
  touchSurfaces(bypass: BypassId, how?: Touch): Promise<void>;
  addNote(account: Account, from: MessageRef | null, note: StoredNote): Promise<void>;
  /** A job for each way to page, whether or not the tenant has it: that is known when it runs. */
  addPage(bypass: BypassId, kind: 'asked' | 'escalated' | 'resolved'): Promise<void>;
  /** `true` the first time for this press: whoever waits for Sigstore is told once. */
  markAwaiting(id: string): Promise<boolean>;
  /** Handles the press again after some seconds: it stands, and nothing of it is lost. */
  retryPress(id: string, afterS: number): Promise<void>;
  endPress(id: string, outcome: 'done' | 'refused'): Promise<void>;
  enqueue(job: 'attest' | 'review-issue', bypass: BypassId): Promise<void>;
  /** Once this commit stands, its checkpoint goes out; a newer one covers it. */
  wantCheckpoint(): Promise<void>;
  bindEnrolment(account: Account, email: string, entry: Digest): Promise<void>;
  markAttested(entry: Digest, index: number): Promise<void>;
  addPolicy(version: PolicyVersion, document: string): Promise<void>;
  /** Whoever hears of loosenings is told what the version of this entry loosens against `before`. */
  tellPolicy(entry: Digest, before: DigestText): Promise<void>;
}

export interface Touch {
  /** Cards of this kind alone. */
  readonly kind?: SurfaceKind;
  /** Unless `false`: it changes what people can or must do. */
  readonly urgent?: boolean;
}

/** The head of a log that nobody else can append to until this transaction ends. */
export interface LockedHead {
  readonly origin: string;
  readonly frontier: Frontier;
  /** The keys that must sign what is appended. */
  readonly keys: KeyVersions;
  /** Whether anybody is to hear of what is appended. */
  readonly hasWebhooks: boolean;
  /** The checkpoint that the log had and has no more, where it is held for that. */
  readonly held: string | null;
  /** How many restores were acknowledged. */
  readonly restores: number;
}

/** With the digest of the statement that activated it. */
export type ActivatedBypass = OpenBypass & { readonly activation: Digest };

/** A deploy, by its key in one bypass. */
export interface LeaseOf {
  readonly bypass: BypassId;
  readonly deploy: string;
}

export interface DeployLease extends LeaseOf {
  /** Its bypass closed, and whether it was stopped is not known yet. */
  readonly pending: boolean;
  /** `null` if that is not known. */
  readonly askedBy: AskedBy | null;
}

export interface BypassRow {
  readonly chain: ChainId;
  readonly requestDigest: Digest;
  readonly activationDigest: Digest | null;
  readonly team: string | null;
  readonly channel: string | null;
}

/** What a projection row says beyond the chain's state. */
export interface BypassColumns {
  readonly bypass: BypassId;
  readonly requestDigest: Digest;
  readonly activationDigest: Digest | null;
  readonly team: string | null;
  readonly channel: string | null;
}

export interface EntryHead {
  readonly type: string;
  readonly bypass: BypassId | null;
  readonly digest: Digest;
}

export interface EntryRow extends EntryHead {
  readonly index: number;
  readonly statement: Uint8Array;
  readonly receipt: Receipt;
  readonly openings: Readonly<Record<string, string>>;
}

export interface SealedBatch {
  readonly entries: readonly SealedEntry[];
  readonly frontier: Frontier;
  readonly nodes: readonly HashedNode[];
  readonly root: Uint8Array;
  readonly checkpoint: string;
  /** The keys that signed it, and those that sign from the next one on. */
  readonly keys: KeyVersions;
  readonly nextKeys: KeyVersions;
}

export interface SealedEntry {
  readonly type: string;
  readonly chain: ChainId | null;
  readonly bypass: BypassId | null;
  readonly statement: Uint8Array;
  readonly digest: Digest;
  readonly envelope: string;
  readonly openings: Readonly<Record<string, TextOpening>>;
}

export const DEADLINE_KINDS = [
  'lapse',
  'escalate',
  'expire',
  'remind',
  'lease',
  'claim',
  'warn',
  'recheck',
] as const;

export interface DueDeadline {
  /** `unknown`: of a later version, which stays due for it. */
  readonly kind: (typeof DEADLINE_KINDS)[number] | 'unknown';
  readonly bypass: BypassId;
  readonly about: string;
  readonly dueAt: Instant;
}

export interface EnrolledAccount {
  readonly person: PersonId;
  readonly email: string | null;
  /** The entry that bound the account; `null` before it was. */
  readonly enrolment: Digest | null;
}

export interface AskedRow {
  readonly person: PersonId;
  readonly from: string;
  readonly askedAt: Instant;
  /** They may not decide any more, as it was last looked up. */
  readonly gone: boolean;
}

export interface PersonRow {
  readonly person: PersonId;
  readonly name: string;
  readonly account: Account;
}

export interface NewSurface {
  readonly bypass: BypassId;
  readonly kind: SurfaceKind;
  readonly to: Recipient;
}

export interface PressRow extends Omit<NewPress, 'key' | 'action' | 'via'> {
  readonly id: string;
  readonly via: PressWay;
  readonly action: PressAction;
  readonly pressedAt: Instant;
  readonly outcome: 'done' | 'refused' | null;
  /** What `PressStore.isAuthentic` looks at. */
  readonly seal: string | null;
}

export interface NoteRow {
  readonly account: Account;
  readonly from: MessageRef | null;
  readonly note: StoredNote;
}
