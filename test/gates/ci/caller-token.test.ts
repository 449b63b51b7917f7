import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { callerToken } from '#cli/ci/caller-token';
import { startGithubTokens } from '#test/support/gates/github-tokens';

const within = (): AbortSignal => AbortSignal.timeout(20_000);
const AUDIENCE = 'breakglass/acme';

describe('the token that a job asks with', () => {
  it('is the one that is set, without the line break that was pasted with it', async () => {
    const env = { BREAKGLASS_TOKEN: 'bg_abc\n', BREAKGLASS_ID_TOKEN: 'of-gitlab' };
    expect(await callerToken(env, null)(within())).toBe('bg_abc');
    const empty = { BREAKGLASS_TOKEN: ' ', BREAKGLASS_ID_TOKEN: 'of-gitlab' };
    expect(await callerToken(empty, null)(within())).toBe('of-gitlab');
  });

  it('is read from its file each time, as Kubernetes writes a new one', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'breakglass-token-')), 'token');
    const token = callerToken({ BREAKGLASS_TOKEN_FILE: file }, null);
    await expect(token(within())).rejects.toMatchObject({ code: 'unreadable' });
    await writeFile(file, 'first\n');
    expect(await token(within())).toBe('first');
    await writeFile(file, 'second\n');
    expect(await token(within())).toBe('second');
  });

  it('is made by GitHub Actions for the audience, once for many questions', async () => {
    await using github = await startGithubTokens();
    const token = callerToken(github.env, AUDIENCE);
    const first = await token(within());
    expect(await token(within())).toBe(first);
    expect(github.made).toBe(1);
    expect(await github.claims(first, AUDIENCE)).toMatchObject({ repository_id: '123' });
  });

  it('is missing where GitHub makes none, and says no part of what it asked with', async () => {
    await using github = await startGithubTokens();
    const env = { ...github.env, ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'wrong-s3cret' };
    const refused = callerToken(env, AUDIENCE)(within());
    await expect(refused).rejects.toThrow('GitHub Actions made no token for this job: 401.');
    await expect(callerToken(github.env, null)(within())).rejects.toThrow('--audience');
    await expect(callerToken({}, null)(within())).rejects.toThrow('id-token: write');
  });
});
