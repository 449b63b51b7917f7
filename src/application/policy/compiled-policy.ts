import type { DigestText } from '#domain/ids';
import type { Policy } from '#domain/policy/policy';
import type { IssueRepository } from '../ports/review-issues.ts';
import type { Account } from '../ports/account.ts';

/** Where a group's members come from. A group with several sources is their union. */
export type GroupSource =
  | { readonly kind: 'accounts'; readonly accounts: readonly Account[] }
  | { readonly kind: 'slack-usergroup'; readonly team: string; readonly usergroup: string }
  | {
      readonly kind: 'pagerduty-schedule';
      readonly schedule: string;
      /** Who counts while PagerDuty says that nobody of the policy's people is on call. */
      readonly fallback: readonly Account[];
    }
  | {
      readonly kind: 'pagerduty-escalation-policy';
      readonly policy: string;
      readonly levels: readonly number[];
      /** As for a schedule. */
      readonly fallback: readonly Account[];
    };

/** A person with more to say of than the Slack profile has. */
export interface ListedPerson {
  readonly id: string | null;
  readonly accounts: readonly Account[];
  readonly email: string | null;
  /** Their user id at PagerDuty; left out where there is none. */
  readonly pagerduty?: string;
}

/** Channels as written: of all services, and of those that have one of their own. */
export interface Digests {
  readonly digest: string | null;
  readonly services: Readonly<Record<string, string>>;
}

/** A policy document, read and checked: what the domain judges by, and how to look things up. */
export interface CompiledPolicy {
  readonly tenant: string;
  readonly policy: Policy;
  /** SHA-256 of the policy's canonical JSON (RFC 8785): the same for documents that ask the same. */
  readonly digest: DigestText;
  /** SHA-256 of the document's UTF-8 bytes, comments and people included. */
  readonly documentDigest: DigestText;
  /**
   * By group. Accounts that stand where a group could are in groups of their own: `@requesters`,
   * `@admins`, `@assignee`, `@owner:<service>`.
   */
  readonly groups: Readonly<Record<string, { readonly sources: readonly GroupSource[] }>>;
  readonly people: readonly ListedPerson[];
  /** As written: `#name` or an id. */
  readonly channels: { readonly incidents: string | null; readonly security: string | null };
  /** Where weekly digests go; left out where nowhere. */
  readonly digests?: Digests;
  /** As written; relative to the document. */
  readonly templateFile: string | null;
  /** How long what people typed is shown, in ms; left out where that is for ever. */
  readonly textsKeptMs?: number;
  /** Where reviews are kept as issues; left out where nowhere. */
  readonly reviewIssues?: IssueRepository;
}
