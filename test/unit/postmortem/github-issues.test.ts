import { createEmulator } from 'emulate';
import { afterAll, expect, test } from 'vitest';
import { bypassId } from '#domain/ids';
import { issueClient } from '#postmortem/github/issue-client';
import { issueText } from '#postmortem/github/issue-text';
import { githubIssues } from '#postmortem/github/issue-tracker';
import { SAMPLES } from '#postmortem/sample-facts';

const OPENED = Date.now();
const { card } = SAMPLES.rich;
const review = {
  bypass: bypassId('0199f2c0-0000-7000-8000-000000000002'),
  card,
  assignee: card.requester,
  dueAt: Date.UTC(2026, 10, 27, 12),
  completedAt: null,
  completion: null,
  markdown: 'Asked by \\@mona, see \\#12 and https://ci.example/run#7',
};
const done = {
  ...review,
  completedAt: Date.UTC(2026, 10, 26, 9),
  completion: {
    by: card.requester,
    verdict: 'gate-wrong',
    outcome: 'It never knew @acme/rollbacks',
    followUpCount: 1,
    followUps: ['Sign them #4'],
  },
} as const;

const github = await createEmulator({
  service: 'github',
  port: 0,
  seed: {
    github: {
      users: [{ login: 'mona' }],
      orgs: [{ login: 'acme' }],
      repos: [{ owner: 'acme', name: 'reviews' }],
      apps: [
        {
          app_id: 12345,
          slug: 'breakglass-acme',
          name: 'Break-glass of Acme',
          permissions: { issues: 'write', metadata: 'read' },
          installations: [{ installation_id: 100, account: 'acme', repository_selection: 'all' }],
        },
      ],
    },
  },
});
afterAll(() => github.close());

const read = async (path: string): Promise<Record<string, unknown>> =>
  (await (await fetch(`${github.url}${path}`)).json()) as Record<string, unknown>;
const { id } = await read('/repos/acme/reviews');
const repository = { owner: 'acme', name: 'reviews', id: Number(id) };
const privateKey = github.generatedSecrets.find((one) => one.id === '12345')?.value ?? '';
const app = { appId: '12345', privateKey, apiUrl: github.url };
const tracker = githubIssues(issueClient({ ...app, fetch }));

test('a review becomes an issue that is found again by its marker alone', async () => {
  const issue = issueText(review, OPENED);
  expect(await tracker.find(repository, issue)).toBeNull();
  const number = await tracker.create(repository, issue);
  expect(await tracker.find(repository, issue)).toBe(number);
  const other = { ...issue, marker: '<!-- safeguard-breakglass post-mortem other -->' };
  expect(await tracker.find(repository, other)).toBeNull();
  const stands = await read(`/repos/acme/reviews/issues/${number}`);
  expect(stands).toMatchObject({
    title: 'Post-mortem: image-policy for checkout in production (bypass 1037)',
    state: 'open',
  });
  expect(String(stands['body'])).toMatch(/^<!-- safeguard-breakglass post-mortem [\w-]+ -->/);
  expect(await tracker.update(repository, number, issueText(done, OPENED))).toBe('updated');
  const closed = await read(`/repos/acme/reviews/issues/${number}`);
  expect(closed).toMatchObject({ state: 'closed' });
  expect(String(closed['body'])).toContain('**The gate was wrong: it should have let this pass.**');
  expect(await tracker.find(repository, issue)).toBe(number);
});

test('nobody is mentioned and no issue linked by what somebody typed', () => {
  const { body } = issueText(done, OPENED);
  expect(body).not.toMatch(/@(?=[\w-])|(?<![\w/])#(?=\d)/);
  expect(body).toContain('https://ci.example/run#7');
});

test('an issue that is gone is told as gone', async () => {
  expect(await tracker.update(repository, 4_711, issueText(review, OPENED))).toBe('gone');
});

test('a repository that the App does not see, and an answer that never comes, are faults', async () => {
  const issue = issueText(review, OPENED);
  const elsewhere = { owner: 'mona', name: 'secret', id: 1 };
  await expect(tracker.create(elsewhere, issue)).rejects.toMatchObject({ code: 'refused' });
  const silent = () => Promise.reject(new TypeError('no route'));
  const unreached = githubIssues(issueClient({ ...app, fetch: silent }));
  await expect(unreached.create(repository, issue)).rejects.toMatchObject({ code: 'unanswered' });
});
