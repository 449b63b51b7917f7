import type { DigestText, TenantId } from '#domain/ids';
import type { Instant } from '#domain/instant';
import type { AddCheckpoint } from '#ledger/add-checkpoint';
import type { Cosignature } from '#ledger/cosignature';
import type { Change } from '../policy/changes/change.ts';
import type { AlarmNotice } from './alarm.ts';
import type { Receipt } from './card.ts';
import type { DigestNews } from './digests.ts';

/** Where checkpoints go. */
export interface Destination {
  readonly kind: 'channel' | 'mail' | 'witness';
  /** The channel's id, the witness's verifier key, '' for mail. */
  readonly name: string;
}

/** When a destination was asked for and reached, all on the database's clock. */
export interface DestinationTimes {
  readonly now: Instant;
  readonly wantedAt: Instant;
  readonly sentAt: Instant | null;
  /** The first failure since the last success. */
  readonly failingSince: Instant | null;
}

/** What each destination was sent last. Level-triggered: whoever sends takes the newest checkpoint. */
export interface DestinationStore {
  /**
   * Wants everything that is in the log now to arrive there, and leaves the job that sends it.
   *
   * @param isDue asked, with the destination's row locked, where the log has grown; always unless given.
   */
  want(
    tenant: TenantId,
    to: Destination,
    isDue?: (times: DestinationTimes) => boolean,
  ): Promise<void>;
  /**
   * Takes the destination for a short time. `null` where nothing is to be sent, or not now: while
   * another worker sends, before a Retry-After or within `spacingMs` of the last one a job comes back.
   */
  claim(tenant: TenantId, to: Destination, spacingMs: number): Promise<DestinationClaim | null>;
  /** It arrived; gives the claim back, and leaves a job where more was wanted meanwhile. */
  sent(tenant: TenantId, claim: DestinationClaim, size: number): Promise<void>;
  /**
   * Gives the claim back and, for a Retry-After, stops the channel and tries again then.
   * Tells for how long it has failed, in milliseconds.
   */
  failed(tenant: TenantId, claim: DestinationClaim, retryAfterMs: number | null): Promise<number>;
}

export interface DestinationClaim {
  readonly to: Destination;
  /** What arrived there last; for a witness what it is known to have seen. */
  readonly sentSize: number;
  /** Tells this claim from another worker's later one. */
  readonly claimedUntil: Instant;
}

/** A checkpoint for people to keep. */
export interface CheckpointNews {
  readonly origin: string;
  readonly size: number;
  /** Base64 of the Merkle root. */
  readonly root: string;
  /** The signed note, to be saved as it is. */
  readonly note: string;
  /** Signed by the embedded authority while talking to a real Slack. */
  readonly evaluation: boolean;
}

/** A policy that asks for less than the one before, or lets more people do more. */
export interface PolicyNews {
  readonly before: DigestText;
  readonly after: DigestText;
  readonly loosenings: readonly Change[];
  /** How many other changes there are. */
  readonly others: number;
  /** Of the entry that put it in force. */
  readonly receipt: Receipt;
}

export type Announcement =
  | { readonly kind: 'checkpoint'; readonly checkpoint: CheckpointNews }
  | { readonly kind: 'alarm'; readonly alarm: AlarmNotice }
  | { readonly kind: 'digest'; readonly digest: DigestNews }
  | { readonly kind: 'policy'; readonly policy: PolicyNews };

/** Messages about the log and its bypasses as a whole, to a channel. */
export interface Announcer {
  /** One try; a post without an answer may stand. @throws PublishFailed. */
  announce(team: string, channel: string, said: Announcement, tenant: TenantId): Promise<void>;
}

export class MailFailed extends Error {
  override name = 'MailFailed';
  readonly code: 'unavailable' | 'rejected';
  constructor(code: 'unavailable' | 'rejected', options?: ErrorOptions) {
    super(`the mail was not taken: ${code}`, options);
    this.code = code;
  }
}

export interface Mailer {
  /** Mails a checkpoint; the same one always under the same Message-ID. @throws MailFailed. */
  mail(checkpoint: CheckpointNews): Promise<void>;
}

export type WitnessAnswer =
  /** Verified under the witness's key, over this very checkpoint. */
  | { readonly kind: 'cosigned'; readonly cosignature: Cosignature }
  /** 409: it has last seen this size. */
  | { readonly kind: 'conflict'; readonly size: number }
  | { readonly kind: 'refused'; readonly status: number }
  /** 200 without a cosignature of its key, or an answer that the protocol does not know. */
  | { readonly kind: 'answer-wrong'; readonly status: number };

export class WitnessUnreachable extends Error {
  override name = 'WitnessUnreachable';
  readonly code: 'unavailable' | 'address-refused';
  constructor(code: 'unavailable' | 'address-refused', options?: ErrorOptions) {
    super(`the witness did not answer: ${code}`, options);
    this.code = code;
  }
}

export interface Witness {
  readonly vkey: string;
  readonly name: string;
  /** C2SP tlog-witness, "add-checkpoint". @throws WitnessUnreachable. */
  addCheckpoint(request: AddCheckpoint): Promise<WitnessAnswer>;
}

/** What leaves the house beside cards, wired once. */
export interface Outbound {
  readonly announcer: Announcer;
  readonly mailer: Mailer | null;
  readonly witnesses: readonly Witness[];
  readonly everyMs: number;
  /** An alarm begins or is over: for the log of the process. */
  readonly onAlarm: (tenant: TenantId, notice: AlarmNotice) => void;
}
