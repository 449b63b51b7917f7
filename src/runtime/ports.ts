import { randomBytes, randomUUID } from 'node:crypto';
import type { PostMortemTemplates } from '#application/ports/post-mortem-template';
import type { Ports } from '#application/ports/ports';
import { isLoopback } from '#notify/loopback';
import type { Config } from './config/read-config.ts';
import type { SignInService } from './sign-in.ts';
import type { Signing } from './signing.ts';
import type { Stores } from './stores.ts';
import { witnessedKeys } from './witnessed-keys.ts';

/** What the use cases work with. */
export function portsOf(
  { checkpoints, slack }: Pick<Config, 'checkpoints' | 'slack'>,
  stores: Stores,
  { attester, embedded }: Pick<Signing, 'attester' | 'embedded'>,
  signIn: SignInService | null,
  templates: PostMortemTemplates,
  { directory, onCall }: Pick<Ports, 'directory' | 'onCall'>,
): Ports {
  const vkeys = checkpoints.witnesses.map((one) => one.vkey);
  const cosigned = witnessedKeys(stores, vkeys);
  return {
    ...stores,
    directory,
    onCall,
    templates,
    attester,
    signIn: signIn === null ? null : { ...signIn.setting, cosigned },
    newSalt: () => new Uint8Array(randomBytes(16)),
    newId: () => randomUUID(),
    evaluation: embedded && isBeyondLoopback(slack.apiUrl),
  };
}

/** Slack's own address unless another one is set. */
const isBeyondLoopback = (apiUrl: string | null): boolean =>
  apiUrl === null || !isLoopback(new URL(apiUrl).hostname);
