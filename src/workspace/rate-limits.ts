import type { Clock } from './clock.ts';
import { textOf, type JsonObject } from './json.ts';
import { own } from './own.ts';

/** Calls a minute that each of Slack's tiers allows one app in one workspace for one method. */
const TIERS = { 2: 20, 3: 50, 4: 100 } as const;

const TIER_OF: Record<string, keyof typeof TIERS> = {
  'apps.connections.open': 3,
  'bots.info': 3,
  'chat.delete': 3,
  'chat.postEphemeral': 4,
  'chat.update': 3,
  'conversations.history': 3,
  'conversations.info': 3,
  'conversations.list': 2,
  'conversations.members': 4,
  'conversations.open': 3,
  'conversations.replies': 3,
  'team.info': 3,
  'usergroups.list': 2,
  'usergroups.users.list': 2,
  'users.info': 4,
  'users.list': 2,
  'users.lookupByEmail': 3,
  'views.open': 4,
  'views.publish': 4,
  'views.push': 4,
  'views.update': 4,
};

/** `chat.postMessage` has no tier: one a second for each channel, with short bursts above it. */
const POSTS = { perMinute: 60, burst: 3 };

interface Bucket {
  left: number;
  filledAt: number;
}

/** Slack's documented rate limits as token buckets, one for each method (or channel) and team. */
export class RateLimits {
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Bucket>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes one call; gives the seconds of `Retry-After` if it is one too many. */
  take(method: string, teamId: string, args: JsonObject): number | undefined {
    if (method === 'chat.postMessage') {
      return this.#draw(`${teamId} ${method} ${textOf(args['channel'])}`, POSTS);
    }
    const tier = own(TIER_OF, method);
    if (tier === undefined) return undefined;
    const perMinute = TIERS[tier];
    return this.#draw(`${teamId} ${method}`, { perMinute, burst: perMinute });
  }

  #draw(key: string, { perMinute, burst }: typeof POSTS): number | undefined {
    const now = this.#clock.now();
    const bucket = this.#buckets.get(key) ?? { left: burst, filledAt: now };
    const refill = ((now - bucket.filledAt) * perMinute) / 60_000;
    const left = Math.min(burst, bucket.left + refill);
    const allowed = left >= 1;
    this.#buckets.set(key, { left: allowed ? left - 1 : left, filledAt: now });
    return allowed ? undefined : Math.max(1, Math.ceil(((1 - left) * 60) / perMinute));
  }
}
