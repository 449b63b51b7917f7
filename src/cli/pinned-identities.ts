import type { JsonValue } from '#ledger/canonical-json';
import type { Pinned } from '#ledger/verify/pinned';
import { readProviderKey } from '#ledger/verify/sign-ins/provider-key';
import type { PinnedProviderKeys } from '#ledger/verify/sign-ins/provider-keys';
import type { Problem } from './problem.ts';

/** What the auditor pins of identities, as `<issuer>=<value>`. */
export interface IdentityFlags {
  /** `<issuer>=<file>`: the provider's JWK Set (RFC 7517 §5), saved from elsewhere. */
  readonly providerKeys: readonly string[];
  /** `<issuer>=<client id>`. */
  readonly ownKeyClient: readonly string[];
  /** `<issuer>=<client id>`; with any, no other client's sign-ins are taken. */
  readonly signInClient?: readonly string[];
  /** `<issuer>=<URI>`. */
  readonly workload: readonly string[];
}

type PinnedIdentities = Pick<
  Pinned,
  'providerKeys' | 'ownKeyClients' | 'signInClients' | 'workloads'
>;

/** Reads the pins of identities; a problem in words names the option that is wrong. */
export async function readPinnedIdentities(
  readText: (path: string) => Promise<string>,
  { providerKeys, ownKeyClient, signInClient = [], workload }: IdentityFlags,
): Promise<PinnedIdentities | Problem> {
  const [keys, clients, workloads] = [providerKeys, ownKeyClient, workload].map(pairs);
  const ssoClients = pairs(signInClient);
  if (keys === undefined) return problem('--provider-keys', '<issuer>=<file>');
  if (clients === undefined) return problem('--own-key-client', '<issuer>=<client id>');
  if (ssoClients === undefined) return problem('--sign-in-client', '<issuer>=<client id>');
  if (workloads === undefined) return problem('--workload', '<issuer>=<URI>');
  const read = await Promise.all(keys.map(([issuer, path]) => readKeys(readText, issuer, path)));
  const wrong = read.find((one) => 'problem' in one);
  if (wrong !== undefined) return wrong;
  return {
    providerKeys: read.filter((one) => 'keys' in one),
    ownKeyClients: clients.map(([issuer, client]) => ({ issuer, client })),
    signInClients: ssoClients.map(([issuer, client]) => ({ issuer, client })),
    ...(workloads.length > 0
      ? { workloads: workloads.map(([issuer, uri]) => ({ issuer, uri })) }
      : {}),
  };
}

/** An issuer has no query (OpenID Connect Discovery §3), so the first `=` ends it. */
function pairs(texts: readonly string[]): readonly (readonly [string, string])[] | undefined {
  const read = texts.map((one) => /^(?<issuer>[^=]+)=(?<value>.+)$/.exec(one)?.groups);
  const whole = read.flatMap((one) =>
    one === undefined ? [] : [[one['issuer'] ?? '', one['value'] ?? ''] as const],
  );
  return whole.length === texts.length ? whole : undefined;
}

const problem = (option: string, form: string): Problem => ({
  problem: `${option} is written ${form}.`,
});

async function readKeys(
  readText: (path: string) => Promise<string>,
  issuer: string,
  path: string,
): Promise<PinnedProviderKeys | Problem> {
  const keys = await readText(path)
    .then((text) => keysOf(JSON.parse(text)))
    .catch((error: unknown) => (error instanceof Error ? error.name : 'unknown'));
  if (typeof keys === 'string')
    return { problem: `The provider's keys cannot be read (${keys}): ${path}` };
  if (keys.length === 0)
    return { problem: `The provider's keys cannot be read: ${path} is no JWK Set of public keys.` };
  return { issuer, keys };
}

/** Keys for encryption, and kinds that nobody here knows, stand in such sets too. */
function keysOf(set: unknown): PinnedProviderKeys['keys'] {
  const list: unknown = Object.entries(Object(set)).find(([name]) => name === 'keys')?.[1];
  if (!Array.isArray(list)) return [];
  return list.map((one) => readProviderKey(one as JsonValue)).filter((one) => one !== undefined);
}
