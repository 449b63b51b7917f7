import { appendFile, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { attest } from '#sigstore/attest';
import type { AttestedBundle } from '#sigstore/bundle';
import { startEmbeddedAuthority } from '#sigstore/embedded/authority';
import type { EmbeddedAuthority } from '#sigstore/embedded/authority';
import { FolderInUse } from '#sigstore/embedded/folder-lock';
import { SigningRefused } from '#sigstore/signing-errors';
import { createBundleVerifier } from '#sigstore/verify-bundle';
import { verifyConsistency } from '#ledger/merkle-verify';
import { servicesOf, startWorld, STATEMENT, trusted } from './signing-world.ts';
import type { World } from './signing-world.ts';

const TEN_YEARS_MS = 10 * 365.25 * 86_400_000;

describe('after a restart', () => {
  test('the trusted root is the same and verifies what was signed before and after', async () => {
    await using world = await startWorld();
    const before = await world.attest();
    await world.authority.close();
    await using again = await restarted(world);
    expect(again.trustedRoot).toEqual(world.authority.trustedRoot);
    const verify = createBundleVerifier(again.trustedRoot);
    expect(verify(before, STATEMENT).verified).toBe(true);
    expect(verify(await signWith(world, again), STATEMENT).verified).toBe(true);
  });

  test('the trusted root pinned before verifies what is signed after', async () => {
    await using world = await startWorld();
    const pinned = createBundleVerifier(world.authority.trustedRoot);
    await world.authority.close();
    await using again = await restarted(world);
    expect(pinned(await signWith(world, again), STATEMENT).verified).toBe(true);
  });

  test('a token used before is still used', async () => {
    await using world = await startWorld();
    const identityToken = await world.mint();
    const options = { statementBytes: STATEMENT, identityToken, budgetMs: 10_000 };
    await attest({ ...options, services: world.services });
    await world.authority.close();
    await using again = await restarted(world);
    await expect(attest({ ...options, services: servicesOf(again) })).rejects.toThrow(
      SigningRefused,
    );
  });

  test('the log goes on where it was: the new head is consistent with the old one', async () => {
    await using world = await startWorld();
    await world.attest();
    const old = await headOf(world.authority);
    await world.authority.close();
    await using again = await restarted(world);
    await signWith(world, again);
    const head = await headOf(again);
    expect(head.treeSize).toBe(old.treeSize + 1);
    const query = `firstSize=${old.treeSize}&lastSize=${head.treeSize}`;
    const proof = await json(`${again.url}/api/v1/log/proof?${query}`);
    const hashes = proof['hashes'];
    if (!Array.isArray(hashes)) throw new Error('no proof');
    expect(
      verifyConsistency({
        oldSize: old.treeSize,
        newSize: head.treeSize,
        oldRoot: Buffer.from(old.rootHash, 'hex'),
        newRoot: Buffer.from(head.rootHash, 'hex'),
        proof: hashes.map((hash) => Buffer.from(String(hash), 'hex')),
      }),
    ).toBe(true);
  });

  test('half a line, left by a crash in mid-write, is not taken for an entry', async () => {
    await using world = await startWorld();
    const before = await world.attest();
    const head = await headOf(world.authority);
    await world.authority.close();
    await appendFile(join(world.folder, 'log.jsonl'), '{"body":"eyJ');
    await appendFile(join(world.folder, 'used-tokens.jsonl'), '{"useId":"x');
    await using again = await restarted(world);
    expect(await headOf(again)).toMatchObject({ rootHash: head.rootHash });
    const verify = createBundleVerifier(again.trustedRoot);
    expect(verify(await signWith(world, again), STATEMENT).verified).toBe(true);
    expect(verify(before, STATEMENT).verified).toBe(true);
    const lines = (await readFile(join(world.folder, 'log.jsonl'), 'utf8')).trimEnd().split('\n');
    expect(lines.every((line) => line.endsWith('}'))).toBe(true);
  });

  test('a key file that cannot be read stops the start; no new keys are made', async () => {
    await using world = await startWorld();
    await world.authority.close();
    const path = join(world.folder, 'keys.json');
    const keys = await readFile(path, 'utf8');
    await writeFile(path, keys.slice(0, -50));
    await expect(restarted(world)).rejects.toThrow(SyntaxError);
    await writeFile(path, keys);
    await using again = await restarted(world);
    expect(again.trustedRoot).toEqual(world.authority.trustedRoot);
  });
});

describe('when its certificates end', () => {
  test('new ones stand beside the old, and both verify under the one trusted root', async () => {
    let now = new Date();
    await using world = await startWorld({ clock: () => now });
    const old = await world.attest();
    await world.authority.close();
    now = new Date(now.getTime() + TEN_YEARS_MS);
    await using again = await restarted(world, () => now);
    const fresh = await signWith(world, again);
    const verify = createBundleVerifier(again.trustedRoot);
    expect(verify(old, STATEMENT).verified).toBe(true);
    expect(verify(fresh, STATEMENT).verified).toBe(true);
    const outdated = createBundleVerifier(world.authority.trustedRoot);
    expect(outdated(fresh, STATEMENT)).toMatchObject({ verified: false, code: 'timestamp' });
  });
});

describe('the folder', () => {
  test('is for its owner alone', async () => {
    await using world = await startWorld();
    await world.attest();
    const files = await readdir(world.folder);
    expect(files.sort()).toEqual(['keys.json', 'lock', 'log.jsonl', 'used-tokens.jsonl']);
    for (const name of files) {
      const { mode } = await stat(join(world.folder, name));
      expect([name, (mode & 0o777).toString(8)]).toEqual([name, '600']);
    }
    expect(((await stat(world.folder)).mode & 0o777).toString(8)).toBe('700');
  });

  test('is for one authority at a time', async () => {
    await using world = await startWorld();
    await expect(restarted(world)).rejects.toThrow(FolderInUse);
  });

  test('held by a live process is refused, by a dead one taken over', async () => {
    await using world = await startWorld();
    await world.authority.close();
    await writeFile(join(world.folder, 'lock'), String(process.ppid));
    await expect(restarted(world)).rejects.toThrow(FolderInUse);
    await writeFile(join(world.folder, 'lock'), '4194999');
    await using again = await restarted(world);
    expect(again.trustedRoot).toEqual(world.authority.trustedRoot);
  });
});

async function restarted(
  world: World,
  clock?: () => Date,
): Promise<EmbeddedAuthority & AsyncDisposable> {
  const issuers = [trusted(world.issuer.issuerUrl)];
  const { folder } = world;
  const authority = await startEmbeddedAuthority({
    folder,
    issuers,
    ...(clock === undefined ? {} : { clock }),
  });
  return { ...authority, [Symbol.asyncDispose]: () => authority.close() };
}

async function signWith(world: World, authority: EmbeddedAuthority): Promise<AttestedBundle> {
  return await attest({
    statementBytes: STATEMENT,
    identityToken: await world.mint(),
    services: servicesOf(authority),
    budgetMs: 10_000,
  });
}

async function headOf({
  url,
}: EmbeddedAuthority): Promise<{ readonly treeSize: number; readonly rootHash: string }> {
  const head = await json(`${url}/api/v1/log`);
  return { treeSize: Number(head['treeSize']), rootHash: String(head['rootHash']) };
}

async function json(url: string): Promise<Record<string, unknown>> {
  const body: unknown = await (await fetch(url)).json();
  return { ...Object(body) };
}
