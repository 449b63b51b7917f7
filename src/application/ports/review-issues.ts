import type { BypassId, TenantId } from '#domain/ids';
import type { Instant } from '#domain/instant';
import type { PostMortemCard } from './card.ts';

/** Where a tenant's reviews become issues. */
export interface IssueRepository {
  readonly owner: string;
  readonly name: string;
  /** The tracker's own number: it stays when a name is changed, and is never given to another. */
  readonly id: number;
}

/** A review as an issue is to show it. */
export interface ReviewIssue {
  /** Stands in the text, unseen: an issue is found again by it. */
  readonly marker: string;
  readonly title: string;
  readonly body: string;
  readonly isDone: boolean;
  /** No issue of it is older. */
  readonly openedAt: Instant;
}

export interface IssueTracker {
  /** The review in the words of the tracker. */
  draw(card: PostMortemCard, openedAt: Instant): ReviewIssue;
  /** The number of the issue with this marker; `null` if there is none. @throws IssueNotKept. */
  find(repository: IssueRepository, issue: ReviewIssue): Promise<number | null>;
  /** @throws IssueNotKept: then it may stand all the same. */
  create(repository: IssueRepository, issue: ReviewIssue): Promise<number>;
  /** `gone` where somebody deleted it. @throws IssueNotKept. */
  update(
    repository: IssueRepository,
    number: number,
    issue: ReviewIssue,
  ): Promise<'updated' | 'gone'>;
}

export type IssueFailure =
  /** No GitHub App is set up. */
  | 'not-connected'
  /** The App is not installed there, may not write issues, or the repository is another. */
  | 'refused'
  /** No answer: it may stand. */
  | 'unanswered';

export class IssueNotKept extends Error {
  override name = 'IssueNotKept';
  readonly code: IssueFailure | 'busy';
  constructor(code: IssueFailure | 'busy', options?: ErrorOptions) {
    super(`the review could not be kept as an issue: ${code}`, options);
    this.code = code;
  }
}

export interface ClaimedIssue {
  readonly number: number | null;
  /** The digest of what it shows. */
  readonly shown: string | null;
}

/** Claims on issues, so that two workers never make one at the same time. */
export interface ReviewIssueStore {
  /** Takes it for a short time; `null` while another worker has it. */
  claim(tenant: TenantId, bypass: BypassId, repository: number): Promise<ClaimedIssue | null>;
  /** Records where it stands and what it shows, where that is known, and gives the claim back. */
  release(
    tenant: TenantId,
    bypass: BypassId,
    repository: number,
    kept: ClaimedIssue | null,
  ): Promise<void>;
}
