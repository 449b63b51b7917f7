import type { Instant } from '#domain/instant';
import type { SignInMode } from '#domain/tenant-event';
import type { RecordedOf } from '../../recorded-event.ts';
import type { Findings } from '../findings.ts';
import type { IdentityModes } from '../identity-modes.ts';
import type { PinnedClient, VerificationSetup } from '../pinned.ts';
import { erasedToken, unwitnessedKeys } from '../reasons.ts';
import type { Fault } from './bindings.ts';
import { readIdToken, type IdToken } from './id-token.ts';
import { ProviderKeys, type RecordedKeys } from './provider-keys.ts';
import type { ProviderKey } from './provider-key.ts';
import { signingKey } from './token-check.ts';

type SignIn = RecordedOf<'sign-in.recorded'>;

/** A sign-in whose provider keys nobody vouches for yet: a checkpoint cosigned in time still may. */
interface Pending {
  readonly index: number;
  readonly key: ProviderKey;
  readonly record: RecordedKeys;
  readonly issuedAt: Instant;
  readonly mode: SignInMode;
}

interface Expected {
  /** The person's name. */
  readonly name: string;
  /** What is wrong with what a token of the provider's says. */
  readonly claims: (token: IdToken) => readonly Fault[];
}

/** The ID tokens of sign-ins: whose keys signed them, and who vouches for those keys. */
export class SignInTokens {
  readonly keys: ProviderKeys;
  readonly #findings: Findings;
  readonly #setup: VerificationSetup;
  readonly #modes: IdentityModes;
  readonly #pending: Pending[] = [];

  constructor(findings: Findings, setup: VerificationSetup, modes: IdentityModes) {
    this.#findings = findings;
    this.#setup = setup;
    this.#modes = modes;
    this.keys = new ProviderKeys(setup.pinned.providerKeys ?? []);
  }

  /** @param idToken `null` if it was erased. */
  check(event: SignIn, index: number, idToken: string | null, expected: Expected): void {
    const { issuer, client } = event;
    const mode = this.#modeOf(event, idToken !== null);
    this.#modes.signed(mode, issuer, client);
    if (this.#isOwnKeyClient(event) && event.mode !== 'own-key')
      this.#findings.add('sign-in-mode', index, { found: client });
    if (!this.#isPinnedClient(event))
      this.#findings.add('sign-in-client-not-pinned', index, { found: client, expected: issuer });
    const record = this.keys.recordOf(event.keys);
    if (record?.issuer !== issuer)
      this.#findings.add('provider-keys-unknown', index, { found: issuer });
    else if (idToken === null) {
      this.#modes.unproven(mode);
      this.#findings.unprovenSignIn(index, 'erased', erasedToken(expected.name));
    } else this.#read({ index, record, mode }, idToken, expected);
  }

  /** The end of the log: keys that nobody trusted had seen in time stay unproven. */
  end(): void {
    for (const { index, key, record, issuedAt, mode } of this.#pending) {
      if (this.keys.standing(key, record, issuedAt) !== 'unwitnessed') continue;
      this.#modes.unproven(mode);
      this.#findings.unprovenSignIn(index, 'keys', unwitnessedKeys(record));
    }
  }

  #read(
    { index, record, mode }: Pick<Pending, 'index' | 'record' | 'mode'>,
    idToken: string,
    { claims }: Expected,
  ): void {
    const reading = readIdToken(idToken);
    if (!reading.ok) {
      this.#findings.add(reading.code, index);
      return;
    }
    const { token } = reading;
    const key = signingKey(token, record.keys, this.#setup.checks.verifyJws);
    if (key === undefined) {
      this.#findings.add('id-token-signature', index, { found: record.issuer });
      return;
    }
    for (const { code, about } of claims(token)) this.#findings.add(code, index, about);
    const { issuedAt } = token;
    if (this.keys.standing(key, record, issuedAt) === 'unwitnessed')
      this.#pending.push({ index, key, record, issuedAt, mode });
  }

  /** Beyond the service's reach only if the auditor knows the client, and the token shows it. */
  #modeOf(event: SignIn, shown: boolean): SignInMode {
    return shown && event.mode === 'own-key' && this.#isOwnKeyClient(event) ? 'own-key' : 'sso';
  }

  #isOwnKeyClient(event: SignIn): boolean {
    return isAmong(this.#setup.pinned.ownKeyClients ?? [], event);
  }

  /** Another client of the provider is another program, which may show people something else. */
  #isPinnedClient(event: SignIn): boolean {
    const { signInClients = [] } = this.#setup.pinned;
    return (
      signInClients.length === 0 || isAmong(signInClients, event) || this.#isOwnKeyClient(event)
    );
  }
}

const isAmong = (pinned: readonly PinnedClient[], { issuer, client }: PinnedClient): boolean =>
  pinned.some((one) => one.issuer === issuer && one.client === client);
