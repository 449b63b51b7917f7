import type { IssueTracker } from '#application/ports/review-issues';
import { issueClient } from '#postmortem/github/issue-client';
import { githubIssues } from '#postmortem/github/issue-tracker';
import type { GithubSettings } from './config/github-settings.ts';
import { githubAccess } from './github-access.ts';

/** Reviews as issues, through the App of the settings; `null` where there is none. @throws GithubKeyUnusable */
export async function openIssueTracker(
  settings: GithubSettings | null,
  cleanup: AsyncDisposableStack,
): Promise<IssueTracker | null> {
  if (settings === null) return null;
  const { appId, apiUrl } = settings;
  return githubIssues(issueClient({ appId, apiUrl, ...(await githubAccess(settings, cleanup)) }));
}
