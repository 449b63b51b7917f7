import type { BypassId, TenantId } from '#domain/ids';
import { digestOf } from '#ledger/digest';
import { loadPostMortem } from '../card/load-post-mortem.ts';
import type { Ports } from '../ports/ports.ts';
import type { PostMortemTemplates } from '../ports/post-mortem-template.ts';
import {
  IssueNotKept,
  type IssueRepository,
  type IssueTracker,
  type ReviewIssue,
  type ReviewIssueStore,
} from '../ports/review-issues.ts';

export interface IssuePorts extends Pick<Ports, 'store' | 'evaluation'> {
  readonly templates: PostMortemTemplates;
  readonly reviewIssues: ReviewIssueStore;
  /** `null` where no tracker is connected. */
  readonly issueTracker: IssueTracker | null;
}

/**
 * Brings the issue of a review up to the state as it stands now, where the policy has reviews kept as
 * issues. Runs as a job and may run twice: what is rendered depends on the state alone. Trackers take
 * no key of the caller's, so an issue is looked for by its marker before it is made: whoever crashed
 * between making it and writing its number down left it to be found.
 *
 * @throws IssueNotKept: the job is tried again.
 */
export async function syncIssue(
  ports: IssuePorts,
  tenant: TenantId,
  bypass: BypassId,
): Promise<void> {
  const { reviewIssues: store, issueTracker: tracker } = ports;
  const wanted = await repositoryOf(ports, tenant, bypass);
  if (wanted === null) return;
  if (tracker === null) throw new IssueNotKept('not-connected');
  const { repository, review } = wanted;
  const claim = await store.claim(tenant, review, repository.id);
  if (claim === null) throw new IssueNotKept('busy');
  try {
    // Read behind the claim: whoever had it before showed nothing newer.
    const issue = await drawn(ports, tracker, tenant, review);
    const shown = digestOf(JSON.stringify([issue.title, issue.body, issue.isDone]));
    if (claim.number !== null && claim.shown === shown)
      return await store.release(tenant, review, repository.id, null);
    const number = await keep(tracker, repository, claim.number, issue);
    await store.release(tenant, review, repository.id, { number, shown });
  } catch (error) {
    await store.release(tenant, review, repository.id, null);
    throw error;
  }
}

/** An issue that somebody deleted is made anew: the review is not lost with it. */
async function keep(
  tracker: IssueTracker,
  repository: IssueRepository,
  known: number | null,
  issue: ReviewIssue,
): Promise<number> {
  const number = known ?? (await tracker.find(repository, issue));
  if (number !== null && (await tracker.update(repository, number, issue)) === 'updated')
    return number;
  return tracker.create(repository, issue);
}

/** The review of the bypass's chain, and where it goes; `null` where there is none, or nowhere to. */
async function repositoryOf(
  { store }: Pick<IssuePorts, 'store'>,
  tenant: TenantId,
  bypass: BypassId,
): Promise<{ readonly repository: IssueRepository; readonly review: BypassId } | null> {
  return store.read(tenant, async (tx) => {
    const repository = (await tx.currentPolicy())?.directory.reviewIssues;
    const review = (await tx.chainOf(bypass))?.postMortem;
    if (repository === undefined || review === null || review === undefined) return null;
    return { repository, review: review.bypass };
  });
}

async function drawn(
  ports: IssuePorts,
  tracker: IssueTracker,
  tenant: TenantId,
  review: BypassId,
): Promise<ReviewIssue> {
  return ports.store.read(tenant, async (tx) => {
    const card = await loadPostMortem(ports, tx, review);
    const openedAt = (await tx.chainOf(review))?.postMortem?.openedAt ?? 0;
    return tracker.draw(card, openedAt);
  });
}
