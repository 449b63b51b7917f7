import { hex, sha256 } from '#ledger/digest';
import type { Checks } from '#ledger/verify/checks';
import { isEvaluationRoot } from '#sigstore/embedded/is-evaluation-root';
import { auditChecks } from './audit-checks.ts';
import { likenessOf } from './likeness.ts';
import type { Problem } from './problem.ts';
import { savedCheckpoint } from './saved-checkpoint.ts';
import { trustedRootIn } from './trusted-root-file.ts';

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

export interface PinnedFiles extends PinnedRoot, Saved {}

type ReadText = (path: string) => Promise<string>;

/**
 * Reads the files that the auditor pinned. A file that is not what it was given for is a problem
 * of the command line, told by its name, and not a refusal of the log.
 */
export async function readPinned(
  readText: ReadText,
  files: { readonly trustedRoot: string; readonly checkpoint?: string },
): Promise<PinnedFiles | Problem> {
  const root = await readRoot(readText, files.trustedRoot);
  if ('problem' in root) return root;
  if (files.checkpoint === undefined) return { ...root, savedCheckpoint: undefined };
  const saved = await readSaved(readText, files.checkpoint);
  return 'problem' in saved ? saved : { ...root, ...saved };
}

async function readRoot(readText: ReadText, path: string): Promise<PinnedRoot | Problem> {
  const problem = (why: string): Problem => ({
    problem: `The trusted root cannot be read: ${why}`,
  });
  const text = await readText(path).catch(whyUnread);
  if (typeof text !== 'string') return problem(`${path} (${text.why})`);
  const read = trustedRootIn(text, path);
  if ('problem' in read) return problem(read.problem);
  const { root } = read;
  try {
    const rootDigest = hex(sha256(Buffer.from(text, 'utf8')));
    const evaluation = isEvaluationRoot(root);
    return { trustedRoot: root, rootDigest, checks: auditChecks(root), evaluation };
  } catch {
    // Whatever the parsers of certificates and keys say of it, the file is what is wrong.
    return problem(`a certificate or a key in ${path} is broken. Get the file anew.`);
  }
}

async function readSaved(readText: ReadText, path: string): Promise<Saved | Problem> {
  const problem = (why: string): Problem => ({
    problem: `The saved checkpoint cannot be read: ${why}`,
  });
  const text = await readText(path).catch(whyUnread);
  if (typeof text !== 'string') return problem(`${path} (${text.why})`);
  const saved = savedCheckpoint(text);
  if (saved !== undefined) return { savedCheckpoint: saved };
  const likeness = likenessOf(text);
  return problem(
    `${path} is no signed checkpoint${likeness === undefined ? '.' : `; it is ${likeness}.`}`,
  );
}

/** The system's code, such as `ENOENT`. */
function whyUnread(error: unknown): { readonly why: string } {
  return {
    why: error instanceof Error && 'code' in error ? String(error.code) : 'it cannot be read',
  };
}
