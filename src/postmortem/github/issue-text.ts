import type { CompletionView, PostMortemCard } from '#application/ports/card';
import type { ReviewIssue } from '#application/ports/review-issues';
import type { Verdict } from '#domain/bypass/verdict';
import type { Instant } from '#domain/instant';
import { escapeMarkdown } from '../escape-markdown.ts';

/** What GitHub takes of a title, and of a text, in characters. */
const TITLE_MOST = 256;
const BODY_MOST = 65_536;

const FOUND: Readonly<Record<Verdict, string>> = {
  justified: 'Justified: it had to be opened.',
  avoidable: 'Avoidable: there was another way.',
  'gate-wrong': 'The gate was wrong: it should have let this pass.',
  misused: 'Misused: it should not have been opened.',
};

/** A review as GitHub shows it. Nothing that somebody typed mentions anybody or links anywhere there. */
export function issueText(review: PostMortemCard, openedAt: Instant): ReviewIssue {
  const { card, completion, markdown } = review;
  const { service, environment } = card.scope;
  const marker = `<!-- safeguard-breakglass post-mortem ${review.bypass} -->`;
  const title = `Post-mortem: ${card.gate} for ${service} in ${environment} (bypass ${card.reference})`;
  const parts = [
    marker,
    whose(review),
    ...(completion === null ? [] : found(completion)),
    harmless(markdown),
    'This text is kept up to date from the audit log, and what is changed here is overwritten. Discuss it below; complete it in Slack.',
  ];
  return {
    marker,
    title: harmless(title).slice(0, TITLE_MOST),
    body: parts.join('\n\n').slice(0, BODY_MOST).toWellFormed(),
    isDone: review.completedAt !== null,
    openedAt,
  };
}

function whose({ assignee, dueAt, completedAt }: PostMortemCard): string {
  const name = harmless(escapeMarkdown(assignee.name));
  return completedAt === null
    ? `Assigned to ${name}, due ${timeOf(dueAt)}.`
    : `Completed ${timeOf(completedAt)}; it was assigned to ${name}.`;
}

function found({ verdict, outcome, followUps, followUpCount }: CompletionView): readonly string[] {
  const lines = (followUps ?? []).map((one) => `- ${harmless(escapeMarkdown(one))}`);
  return [
    ...(verdict === null ? [] : [`**${FOUND[verdict]}**`]),
    outcome === null ? 'What was written of it was erased.' : harmless(escapeMarkdown(outcome)),
    ...(followUpCount === 0
      ? []
      : [
          lines.length === 0 ? 'The follow-ups were erased.' : `Follow-ups:\n\n${lines.join('\n')}`,
        ]),
  ];
}

const ZERO_WIDTH_SPACE = '\u200B';

/** GitHub tells whoever stands behind an `@`, and links numbers behind a `#`, before it reads markdown. */
const harmless = (text: string): string =>
  text.replace(/@(?=[\w-])|(?<![\w/])#(?=\d)/g, (mark) => `${mark}${ZERO_WIDTH_SPACE}`);

const timeOf = (at: Instant): string => `${new Date(at).toISOString().slice(0, 16)}Z`;
