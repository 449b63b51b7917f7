import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createGithubApp } from '#gates/github/app-client';
import { githubStandIn } from '#test/support/gates/github/github-stand-in';
import { expect, test } from 'vitest';

const about = (repositoryId: number) => ({
  owner: 'acme',
  repo: 'checkout',
  repositoryId,
  ownerId: null,
});

test('a token is for one repository and four permissions, and is asked for once', async () => {
  await using github = await githubStandIn();
  const app = createGithubApp({ ...github, apiUrl: github.url, fetch });
  github.addRun({ id: 7 });
  const read = () =>
    app.inRepository(about(github.state.repositoryId))(
      'GET /repos/{owner}/{repo}/actions/runs/{run_id}',
      { owner: 'acme', repo: 'checkout', run_id: 7 },
    );
  await read();
  await read();
  const minted = github.state.asked.filter((one) => one.endsWith('/access_tokens'));
  expect(minted).toHaveLength(1);
  expect(Object.values(github.state.tokens)).toMatchObject([
    { actions: 'write', checks: 'write', contents: 'read', deployments: 'write' },
  ]);
});

test('a redirect is not followed, and no error holds a token', async () => {
  let visits = 0;
  const elsewhere = createServer((_, response) => {
    visits += 1;
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await once(elsewhere, 'listening');
  const { port } = elsewhere.address() as AddressInfo;
  const moved = createServer((_, response) => {
    response.writeHead(302, { location: `http://127.0.0.1:${port}/` }).end();
  }).listen(0, '127.0.0.1');
  await once(moved, 'listening');
  await using github = await githubStandIn();
  const apiUrl = `http://127.0.0.1:${(moved.address() as AddressInfo).port}`;
  const app = createGithubApp({ ...github, apiUrl, fetch });
  const failed = await app.asApp('GET /app').catch((error: unknown) => error);
  expect(failed).toMatchObject({ name: 'GithubError', code: 'unavailable' });
  expect(Object.keys(failed as object).toSorted()).toEqual(['code', 'name', 'status']);
  expect(String((failed as Error).stack)).not.toMatch(/eyJ|Bearer/);
  expect(visits).toBe(0);
  elsewhere.close();
  moved.close();
});

test('no request leaves the address that is configured', async () => {
  await using github = await githubStandIn();
  const app = createGithubApp({ ...github, apiUrl: github.url, fetch });
  const other = app.asApp({ method: 'GET', url: 'https://evil.example/app' });
  await expect(other).rejects.toMatchObject({ name: 'GithubError' });
});
