import type { PolicyVersion } from '../ports/policy-version.ts';

/** The services that a channel hears of; `null` is all of them. */
export type Channels = ReadonlyMap<string, readonly string[] | null>;

/** Where digests go as the policy has it: to its channel for them, and to those of services. */
export function digestChannels(policy: PolicyVersion | null): Channels {
  const { digest = null, services = {} } = policy?.directory.digests ?? {};
  const channels = new Map<string, readonly string[] | null>();
  for (const [service, channel] of Object.entries(services))
    channels.set(channel, [...(channels.get(channel) ?? []), service]);
  if (digest !== null) channels.set(digest, null);
  return channels;
}
