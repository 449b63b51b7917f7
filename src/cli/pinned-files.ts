import { hex, sha256 } from '#ledger/digest';
import type { Checks } from '#ledger/verify/checks';
import { isEvaluationRoot } from '#sigstore/embedded/is-evaluation-root';
import { isTrustedRoot } from '#sigstore/is-trusted-root';
import { auditChecks } from './audit-checks.ts';
import { likenessOf, savedCheckpoint } from './saved-checkpoint.ts';

interface PinnedRoot {
  /** As it was read, for other threads to check under the same. */
  readonly trustedRoot: unknown;
  /** SHA-256 of its file, in hex. */
  readonly rootDigest: string;
  readonly checks: Checks;
  /** Whether the trusted root is an embedded authority's. */
  readonly evaluation: boolean;
}

interface Saved {
  readonly savedCheckpoint: string | undefined;
}

/** What to tell the auditor, in words. */
interface Problem {
  readonly problem: string;
}

type ReadText = (path: string) => Promise<string>;

/**
 * Reads the files that the auditor pinned. A file that is not what it was given for is a problem
 * of the command line, told by its name, and not a refusal of the log.
 */
export async function readPinned(
  readText: ReadText,
  files: { readonly trustedRoot: string; readonly checkpoint?: string },
): Promise<(PinnedRoot & Saved) | Problem> {
  const root = await readRoot(readText, files.trustedRoot);
  if ('problem' in root) return root;
  if (files.checkpoint === undefined) return { ...root, savedCheckpoint: undefined };
  const saved = await readSaved(readText, files.checkpoint);
  return 'problem' in saved ? saved : { ...root, ...saved };
}

async function readRoot(readText: ReadText, path: string): Promise<PinnedRoot | Problem> {
  try {
    const text = await readText(path);
    const root: unknown = JSON.parse(text);
    if (!isTrustedRoot(root))
      return { problem: `The trusted root cannot be read: ${path} is no Sigstore trusted root.` };
    const rootDigest = hex(sha256(Buffer.from(text, 'utf8')));
    const evaluation = isEvaluationRoot(root);
    return { trustedRoot: root, rootDigest, checks: auditChecks(root), evaluation };
  } catch (error) {
    return { problem: `The trusted root cannot be read (${nameOf(error)}): ${path}` };
  }
}

async function readSaved(readText: ReadText, path: string): Promise<Saved | Problem> {
  try {
    const text = await readText(path);
    const saved = savedCheckpoint(text);
    if (saved !== undefined) return { savedCheckpoint: saved };
    const likeness = likenessOf(text);
    const told = likeness === undefined ? '.' : `; it is ${likeness}.`;
    return {
      problem: `The saved checkpoint cannot be read: ${path} is no signed checkpoint${told}`,
    };
  } catch (error) {
    return { problem: `The saved checkpoint cannot be read (${nameOf(error)}): ${path}` };
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}
