import { readFile } from 'node:fs/promises';
import { z } from 'zod';

/** Where the service's own identity comes from: an ID token of the platform that it runs on. */
export interface WorkloadTokenSource {
  /** A token as the platform gives it now. Secret. @throws WorkloadTokenUnavailable */
  token(): Promise<string>;
}

export type WorkloadTokenCode =
  | 'file-unreadable'
  | 'not-in-github-actions'
  | 'request-failed'
  | 'not-a-token'
  /** The token has an e-mail, so the certificate would name a person. */
  | 'names-a-person';

/** The platform gave no token that a workload can sign with. Neither message nor cause holds one. */
export class WorkloadTokenUnavailable extends Error {
  override name = 'WorkloadTokenUnavailable';
  readonly code: WorkloadTokenCode;
  constructor(code: WorkloadTokenCode) {
    super(`the workload has no token: ${code}`);
    this.code = code;
  }
}

/**
 * A token in a file, such as a Kubernetes projected volume. Read at each use: the kubelet replaces
 * it long before it expires, and the audience is set where the volume is.
 */
export function tokenInFile(path: string): WorkloadTokenSource {
  return {
    async token() {
      return workloadToken(await contentOf(path));
    },
  };
}

async function contentOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    throw new WorkloadTokenUnavailable('file-unreadable');
  }
}

const REQUEST_TIMEOUT_MS = 10_000;
const answer = z.object({ value: z.string() });

/**
 * The token of a GitHub Actions job with `id-token: write`, asked for at each use. GitHub sets both
 * variables within a job alone.
 */
export function githubActionsToken(
  audience: string,
  env: Readonly<Record<string, string | undefined>>,
): WorkloadTokenSource {
  return {
    async token() {
      const address = URL.parse(env['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? '');
      const bearer = env['ACTIONS_ID_TOKEN_REQUEST_TOKEN'] ?? '';
      if (address === null || bearer === '')
        throw new WorkloadTokenUnavailable('not-in-github-actions');
      address.searchParams.set('audience', audience);
      return workloadToken(await requested(address, bearer));
    },
  };
}

async function requested(address: URL, bearer: string): Promise<string> {
  try {
    const response = await fetch(address, {
      headers: { authorization: `Bearer ${bearer}`, accept: 'application/json' },
      // The bearer goes to the configured address and nowhere else.
      redirect: 'error',
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    const body: unknown = await response.json();
    if (response.ok) return answer.parse(body).value;
  } catch {
    // What failed could quote the request or the answer, and both hold a secret.
  }
  throw new WorkloadTokenUnavailable('request-failed');
}

const claims = z.looseObject({ email: z.unknown().optional() });

function workloadToken(text: string): string {
  const token = text.trim();
  const [, payload, , ...more] = token.split('.');
  const parsed = claims.safeParse(jsonIn(payload ?? ''));
  if (!parsed.success || more.length > 0) throw new WorkloadTokenUnavailable('not-a-token');
  if (parsed.data.email !== undefined) throw new WorkloadTokenUnavailable('names-a-person');
  return token;
}

function jsonIn(payload: string): unknown {
  try {
    return JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
