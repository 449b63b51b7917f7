import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import type { JsonValue } from '#ledger/canonical-json';

export const PROVIDER = 'https://login.acme.example';

/** A tenant's identity provider: signs ID tokens (ES256) with a key that it publishes. */
export class TestProvider {
  #key = newKey();
  #rotations = 0;

  rotate(): void {
    this.#key = newKey();
    this.#rotations += 1;
  }

  /** The keys of its JWK Set, with a member that nobody needs. */
  jwks(): readonly JsonValue[] {
    const jwk = this.#key.publicKey.export({ format: 'jwk' });
    return [{ ...jwk, kid: this.#keyId, alg: 'ES256', use: 'sig', x5t: 'unneeded' }];
  }

  token(claims: Readonly<Record<string, JsonValue>>): string {
    const head = { alg: 'ES256', kid: this.#keyId };
    const input = [head, claims].map((one) => base64url(JSON.stringify(one))).join('.');
    const key = { key: this.#key.privateKey, dsaEncoding: 'ieee-p1363' } as const;
    return `${input}.${sign('sha256', Buffer.from(input), key).toString('base64url')}`;
  }

  get #keyId(): string {
    return `key-${this.#rotations}`;
  }
}

export interface ProviderAccount {
  readonly subject: string;
  readonly email: string;
}

/** The account that belongs to an address. */
export const accountOf = (email: string): ProviderAccount => ({
  subject: createHash('sha256').update(email).digest('hex').slice(0, 16),
  email,
});

const newKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const base64url = (text: string): string => Buffer.from(text).toString('base64url');
