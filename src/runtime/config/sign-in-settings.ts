import type { SettingMistake } from './setting-mistake.ts';
import type { Settings } from './settings.ts';
import { isUsableAddress } from './usable-address.ts';

/** The tenant's identity provider, at which approvers sign in. */
export interface SignInConfig {
  /** Letter by letter as in its tokens. */
  readonly issuer: string;
  readonly clientId: string;
  /** The public client of `breakglass approve`. */
  readonly ownKeyClientId: string | null;
  /** The audience that the embedded authority wants in ID tokens; `null` is the client's own id. */
  readonly audience: string | null;
}

/** `null` where nobody signs in. */
export function signInConfig(env: Settings): SignInConfig | null {
  const { SIGN_IN_ISSUER: issuer, SIGN_IN_CLIENT_ID: clientId } = env;
  if (issuer === undefined || clientId === undefined) return null;
  return {
    issuer,
    clientId,
    ownKeyClientId: env.SIGN_IN_OWN_KEY_CLIENT_ID ?? null,
    audience: env.SIGN_IN_AUDIENCE ?? null,
  };
}

const BESIDES_ISSUER = [
  'SIGN_IN_CLIENT_ID',
  'SIGN_IN_CLIENT_SECRET',
  'SIGN_IN_OWN_KEY_CLIENT_ID',
  'SIGN_IN_AUDIENCE',
] as const;

/** Settings of sign-ins that are right alone and wrong together. */
export function signInMistakes(env: Partial<Settings>): readonly SettingMistake[] {
  const found: SettingMistake[] = [];
  const add = (setting: keyof Settings, remedy: string) => found.push({ setting, remedy });
  const has = (name: keyof Settings) => Boolean(env[name]);
  if (!has('SIGN_IN_ISSUER')) {
    if (BESIDES_ISSUER.some(has))
      add('SIGN_IN_ISSUER', 'write the address of your identity provider, as its tokens name it');
    return found;
  }
  if (!isUsableAddress(env.SIGN_IN_ISSUER ?? ''))
    add('SIGN_IN_ISSUER', 'write https://… without a query; http is for 127.0.0.1 and localhost');
  for (const name of ['SIGN_IN_CLIENT_ID', 'SIGN_IN_CLIENT_SECRET'] as const)
    if (!has(name)) add(name, 'sign-ins need it: docs/sign-in.md says how to get one');
  if (!has('SIGN_IN_OWN_KEY_CLIENT_ID')) return found;
  if (env.SIGN_IN_OWN_KEY_CLIENT_ID === env.SIGN_IN_CLIENT_ID)
    add(
      'SIGN_IN_OWN_KEY_CLIENT_ID',
      'register a public client of its own: it is what tells own keys apart',
    );
  if (has('FULCIO_URL') && !has('SIGSTORE_TRUSTED_ROOT'))
    add(
      'SIGSTORE_TRUSTED_ROOT',
      'own keys bring certificates of their own: write the path of the root that verifies them',
    );
  return found;
}
