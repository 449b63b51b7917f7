import { isSafeAddress } from '#sigstore/safe-address';
import type { SettingMistake } from './setting-mistake.ts';
import type { Settings } from './settings.ts';

type Env = Partial<Settings>;

/** Tokens go there: whoever reads one on the way can have a certificate in that name, or post as us. */
const SECRETS_GO = ['FULCIO_URL', 'WORKLOAD_FULCIO_URL', 'SLACK_API_URL'] as const;

/** What goes there names people, and what comes back is signed; it can be read and held up. */
const NAMES_GO = ['TSA_URL', 'REKOR_URL', 'WORKLOAD_TSA_URL', 'WORKLOAD_REKOR_URL'] as const;

/** Whether what is sent to this address crosses a network in the clear. */
export function isPlain(text: string | undefined): boolean {
  const url = URL.parse(text ?? '');
  return url !== null && !isSafeAddress(url);
}

/** Addresses that no token may go to. `SIGSTORE_PLAIN=yes` takes a Fulcio behind a wire of one's own. */
export function plainHttpMistakes(env: Env): readonly SettingMistake[] {
  const refused = SECRETS_GO.filter((name) => isPlain(env[name]));
  return refused.flatMap((setting): readonly SettingMistake[] => {
    if (setting === 'SLACK_API_URL')
      return [{ setting, remedy: 'write https://…: tokens of the app go there' }];
    if (env.SIGSTORE_PLAIN === 'yes') return [];
    const remedy =
      'write https://…: identity tokens go there. Where nobody else is on that network, ' +
      'SIGSTORE_PLAIN=yes takes http';
    return [{ setting, remedy }];
  });
}

/** The settings whose addresses are plain http beyond loopback all the same. */
export const plainHttpSettings = (env: Env): readonly string[] =>
  [...SECRETS_GO, ...NAMES_GO].filter((name) => isPlain(env[name]));
