import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOf } from '#ledger/digest';
import type { JsonValue } from '#ledger/canonical-json';
import { witness } from '#sigstore/attest';
import { toBundle } from '#sigstore/bundle';
import { startEmbeddedAuthority } from '#sigstore/embedded/authority';
import type { Issuer } from '#sigstore/issuer';
import { obtainCertificate, type CertifiedEphemeralKey } from '#sigstore/obtain-certificate';
import { signStatement } from '#sigstore/sign-statement';
import { newProvider, type TestProvider } from './provider.ts';
import { servicesOf, startIssuer, trusted } from '#test/e2e/sigstore/signing-world';

/** What a certificate is asked for; each left out is what it should be for the statement. */
export interface Asked {
  readonly email: string;
  /** When all of it takes place; epoch milliseconds. */
  readonly at: number;
  /** The token's `sub`: the statement's digest. */
  readonly subject?: string;
  readonly issuer?: 'ours' | 'look-alike' | 'uri';
  /** When the timestamp authority and the log are asked. */
  readonly witnessedAt?: number;
  /** Signs with this key and certificate in place of one that is obtained. */
  readonly certified?: CertifiedEphemeralKey;
  /** Whose timestamp authority and log. */
  readonly witnesses?: Signer;
}

/** A real authority whose clock the test sets, with three issuers that it trusts. */
export interface Signer extends AsyncDisposable {
  readonly trustedRoot: unknown;
  /** Where the authority keeps its keys. */
  readonly folder: string;
  readonly issuer: Issuer;
  readonly lookAlike: Issuer;
  /** The identity provider of sign-ins. */
  readonly provider: TestProvider;
  /** The certified keys of stepped-up approvals, by their statements. */
  readonly stepUps: Map<string, CertifiedEphemeralKey>;
  /** The workload that vouches for the log. */
  readonly workload: { readonly issuer: string; readonly uri: string };
  /** Sets the authority's clock; epoch milliseconds. */
  setClock(at: number): void;
  readonly services: ReturnType<typeof servicesOf>;
  attest(statement: Uint8Array, asked: Asked): Promise<JsonValue>;
}

const BUDGET_MS = 20_000;
/** What the workload's URI ends in. */
export const WORKLOAD = 'breakglass';
const SUBJECT_DOMAIN = 'https://ci.example.com';

/** Starts the authority; `from` is when its certificates begin, epoch milliseconds. */
export async function startSigner(from: number): Promise<Signer> {
  let now = from;
  await using opened = new AsyncDisposableStack();
  const [ours, lookAlike, ci] = [
    opened.use(await startIssuer()),
    opened.use(await startIssuer()),
    opened.use(await startIssuer()),
  ];
  const folder = await mkdtemp(join(tmpdir(), 'authority-'));
  opened.defer(() => rm(folder, { recursive: true }));
  const authority = await startEmbeddedAuthority({
    folder,
    issuers: [
      trusted(ours.issuer.issuerUrl),
      trusted(lookAlike.issuer.issuerUrl),
      trusted(ci.issuer.issuerUrl, 'uri'),
    ],
    clock: () => new Date(now),
  });
  opened.defer(() => authority.close());
  const issuers = { ours: ours.issuer, 'look-alike': lookAlike.issuer, uri: ci.issuer };
  const services = servicesOf(authority);
  const certify = async (statement: Uint8Array, asked: Asked): Promise<CertifiedEphemeralKey> => {
    const { email, subject = digestOf(statement), issuer = 'ours' } = asked;
    // The URI of a workload carries the digest, or its certificate would be for any statement.
    const claims =
      issuer === 'uri' ? { sub: `${SUBJECT_DOMAIN}/${subject}` } : { sub: subject, email };
    const about = { ...claims, now: new Date(now), jti: randomUUID() };
    const token = await issuers[issuer].mintToken(about);
    return obtainCertificate(token, services.fulcioUrl, AbortSignal.timeout(BUDGET_MS));
  };
  const running = opened.move();
  return {
    trustedRoot: authority.trustedRoot,
    folder,
    issuer: ours.issuer,
    lookAlike: lookAlike.issuer,
    provider: newProvider(),
    stepUps: new Map(),
    workload: { issuer: ci.issuer.issuerUrl, uri: `${SUBJECT_DOMAIN}/${WORKLOAD}` },
    services,
    setClock: (at) => {
      now = at;
    },
    async attest(statement, asked) {
      now = asked.at;
      const key = asked.certified ?? (await certify(statement, asked));
      const by = asked.witnesses?.services ?? services;
      const at = asked.witnessedAt ?? asked.at;
      now = at;
      asked.witnesses?.setClock(at);
      const signed = signStatement(statement, key);
      const bundle = toBundle(await witness(signed, by, AbortSignal.timeout(BUDGET_MS)));
      return JSON.parse(JSON.stringify(bundle)) as JsonValue;
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
