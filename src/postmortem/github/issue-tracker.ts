import {
  IssueNotKept,
  type IssueRepository,
  type IssueTracker,
  type ReviewIssue,
} from '#application/ports/review-issues';
import type { InRepository } from './issue-client.ts';
import { issueText } from './issue-text.ts';

const LABEL = 'post-mortem';
const PER_PAGE = 100;
/** Reviews are few: further back there is none of this one, whatever else has the label. */
const MOST_PAGES = 10;
/** Clocks differ: GitHub's may be behind the database's. */
const SKEW_MS = 15 * 60_000;

/**
 * Reviews as issues of a GitHub repository.
 * @see https://docs.github.com/en/rest/issues/issues
 */
export function githubIssues(inRepository: InRepository): IssueTracker {
  return {
    draw: issueText,
    find: (repository, issue) => kept(() => find(inRepository, repository, issue)),
    create: (repository, { title, body, isDone }) =>
      kept(async () => {
        const request = await inRepository(repository);
        const about = { ...named(repository), title, body, labels: [LABEL] };
        const { data } = await request('POST /repos/{owner}/{repo}/issues', about);
        if (isDone) await close(request, repository, data.number);
        return data.number;
      }),
    update: (repository, number, { title, body, isDone }) =>
      kept(async () => {
        const request = await inRepository(repository);
        const state = isDone ? ({ state: 'closed', state_reason: 'completed' } as const) : {};
        try {
          await request('PATCH /repos/{owner}/{repo}/issues/{issue_number}', {
            ...named(repository),
            issue_number: number,
            title,
            body,
            ...state,
          });
          return 'updated';
        } catch (error) {
          // 404 is a repository that is not seen as well; then making it anew is refused, too.
          if ([404, 410].includes(statusOf(error) ?? 0)) return 'gone';
          throw error;
        }
      }),
  };
}

const named = ({ owner, name: repo }: IssueRepository) => ({ owner, repo });

async function close(
  request: Awaited<ReturnType<InRepository>>,
  repository: IssueRepository,
  number: number,
): Promise<void> {
  await request('PATCH /repos/{owner}/{repo}/issues/{issue_number}', {
    ...named(repository),
    issue_number: number,
    state: 'closed',
    state_reason: 'completed',
  });
}

async function find(
  inRepository: InRepository,
  repository: IssueRepository,
  { marker, openedAt }: ReviewIssue,
): Promise<number | null> {
  const request = await inRepository(repository);
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const { data } = await request('GET /repos/{owner}/{repo}/issues', {
      ...named(repository),
      state: 'all',
      labels: LABEL,
      sort: 'created',
      direction: 'desc',
      since: new Date(openedAt - SKEW_MS).toISOString(),
      per_page: PER_PAGE,
      page,
    });
    const found = data.find(({ body }) => body?.startsWith(marker) === true);
    if (found !== undefined) return found.number;
    if (data.length < PER_PAGE) return null;
  }
  return null;
}

/** What the client throws repeats the request; its words and GitHub's are not kept. */
async function kept<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof IssueNotKept) throw error;
    const status = statusOf(error) ?? 500;
    throw new IssueNotKept(status < 500 && status !== 429 ? 'refused' : 'unanswered');
  }
}

/** Of an answer; `null` where none came. */
function statusOf(error: unknown): number | null {
  const { status, response } = (error ?? {}) as { status?: unknown; response?: unknown };
  return typeof status === 'number' && response !== undefined ? status : null;
}
