import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fetch as guardedFetch } from 'undici';
import { guardedAgent } from '#notify/guarded-agent';
import type { GithubSettings } from './config/github-settings.ts';

/** The App's key cannot be used. Holds no part of it. */
class GithubKeyUnusable extends Error {
  override name = 'GithubKeyUnusable';
  readonly code: 'unreadable' | 'not-rsa';
  constructor(code: 'unreadable' | 'not-rsa', file: string) {
    super(
      code === 'unreadable'
        ? `GITHUB_APP_KEY_FILE cannot be read: ${file}`
        : `GITHUB_APP_KEY_FILE holds no RSA private key (PEM): ${file}. Make one in the settings of your GitHub App`,
    );
    this.code = code;
  }
}

const CONNECT_MS = 5_000;

/** What speaks to GitHub as the App of the settings. @throws GithubKeyUnusable */
export async function githubAccess(
  { keyFile, allowPrivate }: GithubSettings,
  cleanup: AsyncDisposableStack,
): Promise<{ readonly privateKey: string; readonly fetch: typeof globalThis.fetch }> {
  const privateKey = await readKey(keyFile);
  const dispatcher = guardedAgent({ allowPrivate, connectTimeoutMs: CONNECT_MS });
  cleanup.defer(() => dispatcher.close());
  // One fetch and its agent are of one version; only their types differ from the global ones.
  const fetch = ((address: string, init: object) =>
    guardedFetch(address, { ...init, dispatcher })) as unknown as typeof globalThis.fetch;
  return { privateKey, fetch };
}

async function readKey(file: string): Promise<string> {
  const pem = await readFile(file, 'utf8').catch(() => {
    throw new GithubKeyUnusable('unreadable', file);
  });
  try {
    if (createPrivateKey(pem).asymmetricKeyType === 'rsa') return pem;
  } catch {
    // The cause could quote the file.
  }
  throw new GithubKeyUnusable('not-rsa', file);
}
