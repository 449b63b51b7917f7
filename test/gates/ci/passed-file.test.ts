import { chmod, mkdtemp, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { passedBy, rememberPassed } from '#cli/ci/passed-file';

const ASKED = {
  gate: 'image-policy',
  service: 'checkout',
  environment: 'production',
  deploy: { id: 'gitlab-7', attempt: 1 },
};
const folder = (): Promise<string> => mkdtemp(join(tmpdir(), 'breakglass-passed-'));

describe('what a job remembers of its gate', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('is for this gate, deploy and job alone', async () => {
    const env = { RUNNER_TEMP: await folder(), CI_JOB_ID: '7' };
    await rememberPassed(ASKED, env, 'bypass');
    expect(await passedBy(ASKED, env)).toBe('bypass');
    expect(await passedBy({ ...ASKED, gate: 'deploy-window' }, env)).toBeNull();
    expect(await passedBy({ ...ASKED, service: 'ledger' }, env)).toBeNull();
    expect(await passedBy({ ...ASKED, deploy: { id: 'gitlab-7', attempt: 2 } }, env)).toBeNull();
    expect(await passedBy(ASKED, { ...env, CI_JOB_ID: '8' })).toBeNull();
  });

  it('is kept from the other users of a machine', async () => {
    vi.stubEnv('TMPDIR', await folder());
    await rememberPassed(ASKED, {}, 'check');
    expect(await passedBy(ASKED, {})).toBe('check');
    const [own = ''] = await readdir(tmpdir());
    await chmod(join(tmpdir(), own), 0o777);
    expect(await passedBy(ASKED, {})).toBeNull();
    await expect(rememberPassed(ASKED, {}, 'check')).rejects.toMatchObject({
      code: 'folder-of-others',
    });
  });

  it('follows no link that somebody put in its place', async () => {
    const env = { RUNNER_TEMP: await folder() };
    await rememberPassed(ASKED, env, 'bypass');
    const [name = ''] = await readdir(env.RUNNER_TEMP);
    const elsewhere = { RUNNER_TEMP: await folder() };
    const theirs = join(await folder(), 'theirs');
    await writeFile(theirs, 'theirs');
    await symlink(theirs, join(elsewhere.RUNNER_TEMP, name));
    await rememberPassed(ASKED, elsewhere, 'check');
    expect(await passedBy(ASKED, elsewhere)).toBe('check');
    expect(await readFile(theirs, 'utf8')).toBe('theirs');
  });
});
