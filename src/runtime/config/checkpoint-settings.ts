import { DEFAULT_EVERY_MS } from '#application/checkpoints/want-checkpoints';
import { witnessKeyFromVkey } from '#ledger/cosignature';
import type { SettingMistake } from './setting-mistake.ts';
import type { Settings } from './settings.ts';

export interface WitnessSetting {
  /** C2SP verifier key. */
  readonly vkey: string;
  /** The submission prefix. */
  readonly url: string;
}

/** Where checkpoints go beside the security channel, which the policy names. */
export interface CheckpointConfig {
  readonly everyMs: number;
  readonly mail: {
    readonly from: string;
    readonly to: readonly string[];
    readonly allowPlain: boolean;
  } | null;
  readonly witnesses: readonly WitnessSetting[];
  readonly allowPrivateWitnesses: boolean;
}

export function checkpointConfig(env: Settings): CheckpointConfig {
  const { BREAKGLASS_MAIL_FROM: from, BREAKGLASS_MAIL_TO: to } = env;
  return {
    everyMs: env.BREAKGLASS_CHECKPOINT_EVERY ?? DEFAULT_EVERY_MS,
    mail:
      env.BREAKGLASS_MAIL_URL === undefined || from === undefined || to === undefined
        ? null
        : { from, to, allowPlain: env.BREAKGLASS_MAIL_PLAIN === 'yes' },
    witnesses: pairs(env.BREAKGLASS_WITNESSES).map(([vkey, url]) => ({ vkey, url })),
    allowPrivateWitnesses: env.BREAKGLASS_WITNESS_PRIVATE === 'yes',
  };
}

/** Settings that are right alone and wrong together, and witnesses that are none. */
export function checkpointMistakes(env: Partial<Settings>): readonly SettingMistake[] {
  const mail = ['BREAKGLASS_MAIL_URL', 'BREAKGLASS_MAIL_FROM', 'BREAKGLASS_MAIL_TO'] as const;
  const missing = mail.filter((name) => !env[name]);
  const incomplete = missing.length > 0 && missing.length < mail.length ? missing : [];
  const remedy = witnessRemedy(env);
  return [
    ...incomplete.map((setting) => ({
      setting,
      remedy: 'the address of the mail server, from and to go together',
    })),
    ...(remedy === null ? [] : [{ setting: 'BREAKGLASS_WITNESSES', remedy }]),
  ];
}

/** Neither a verifier key nor an address holds white space, so that they stand in pairs. */
function pairs(text: string | undefined): readonly (readonly [string, string])[] {
  const words = (text ?? '').split(/\s+/).filter((word) => word !== '');
  return words.flatMap((word, place) =>
    place % 2 === 0 ? [[word, words[place + 1] ?? ''] as const] : [],
  );
}

function witnessRemedy(env: Partial<Settings>): string | null {
  const found = pairs(env.BREAKGLASS_WITNESSES);
  for (const [place, [vkey, url]] of found.entries()) {
    const which = `witness ${place + 1}`;
    const key = witnessKeyFromVkey(vkey, () => false);
    if (!key.ok)
      return `${which}: write its verifier key (name+id+key, type 04), a space and its address (${key.code})`;
    const isPrivate = env.BREAKGLASS_WITNESS_PRIVATE === 'yes';
    if (!isAddress(url, isPrivate))
      return `${which}: write its https address behind its verifier key; http and addresses inside the network need BREAKGLASS_WITNESS_PRIVATE=yes`;
  }
  const keys = found.map(([vkey]) => vkey);
  return new Set(keys).size < keys.length ? 'one verifier key is written twice' : null;
}

function isAddress(text: string, isPrivate: boolean): boolean {
  const url = URL.parse(text);
  if (url === null || url.search !== '' || url.hash !== '') return false;
  if (url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (isPrivate && url.protocol === 'http:');
}
