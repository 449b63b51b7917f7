import type { Pinned } from '#ledger/verify/pinned';

/** One thing that the auditor pinned, by its name and fingerprint: nothing of it is secret. */
export interface Pin {
  readonly what: string;
  readonly fingerprint: string;
}

/** What the auditor brought, in the order of the command's options. */
export interface Brought {
  readonly pinned: Pinned;
  /** SHA-256 of the trusted root's file, in hex. */
  readonly rootDigest: string;
  readonly savedCheckpoint: string | undefined;
}

export function pinsOf({ pinned, rootDigest, savedCheckpoint }: Brought): readonly Pin[] {
  const { logKeys, serviceKeys, issuers, providerKeys = [], ownKeyClients = [] } = pinned;
  const [origin = '', size = '', root = ''] = savedCheckpoint?.split('\n') ?? [];
  const pin = (what: string, fingerprint: string): Pin => ({ what, fingerprint });
  return [
    pin('Trusted root (SHA-256 of the file)', rootDigest),
    ...logKeys.map((one) => pin('Log key', one)),
    ...(serviceKeys === 'from-log'
      ? [pin('Service key', 'none pinned: the one that the log names')]
      : serviceKeys.map((one) => pin('Service key (SHA-256)', one))),
    ...(issuers ?? []).map((one) => pin('Issuer', one)),
    ...(issuers === undefined ? [pin('Issuers', 'none pinned: any under the root')] : []),
    ...providerKeys.flatMap(({ issuer, keys }) =>
      keys.map((one) => pin(`Key of ${issuer} (RFC 7638 thumbprint)`, one.thumbprint)),
    ),
    ...ownKeyClients.map((one) => pin(`Own-key client of ${one.issuer}`, one.client)),
    ...(pinned.signInClients ?? []).map((one) =>
      pin(`Sign-in client of ${one.issuer}`, one.client),
    ),
    ...(pinned.witnesses ?? []).map((one) => pin('Witness', one)),
    ...(pinned.workloads ?? []).map((one) => pin(`Workload of ${one.issuer}`, one.uri)),
    savedCheckpoint === undefined
      ? pin('Saved checkpoint', 'none')
      : pin('Saved checkpoint', `${origin}, ${size} entries, root ${root}`),
  ];
}
