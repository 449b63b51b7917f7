import { z } from 'zod';
import { FreshCache } from '#application/people/fresh-cache';
import { accountKey, type Account } from '#application/ports/account';
import { LookUpFailed, type Directory, type Profile } from '#application/ports/directory';
import type { TenantId } from '#domain/ids';
import { callFailureOf } from '../clients/call-failure.ts';
import type { Installation, Installations } from '../clients/installations.ts';
import { isOf } from '../publish/installed-for.ts';
import { profileOf, slackUser } from './standing.ts';

/** Half of what a look-up may be relied on, so that one from the cache is still fresh when judged. */
const MAX_AGE_MS = 15_000;
const GONE: ReadonlySet<string> = new Set([
  'user_not_found',
  'user_not_visible',
  'users_not_found',
]);

/** Whoever is judged before Slack has answered once is judged again, and by nothing that is guessed. */
const NOT_KNOWN = 'Slack has not said yet which workspace this is';

const members = z.object({ users: z.array(z.string()) });

/** The workspace's people, by `users.info` and `usergroups.users.list`. Fails closed. */
export class SlackDirectory implements Directory {
  readonly #installations: Installations;
  readonly #clock: () => number;
  readonly #profiles: FreshCache<Profile>;
  readonly #groups: FreshCache<readonly Account[]>;
  /** Until when Slack asked us to leave a method alone, by team and method. */
  readonly #pausedUntil = new Map<string, number>();

  constructor(installations: Installations, clock: () => number) {
    this.#installations = installations;
    this.#clock = clock;
    this.#profiles = new FreshCache(MAX_AGE_MS, clock);
    this.#groups = new FreshCache(MAX_AGE_MS, clock);
  }

  async profile(account: Account, tenant: TenantId): Promise<Profile> {
    if (!this.#installations.isKnown) throw new LookUpFailed(NOT_KNOWN);
    const found = await this.#own(account.team, tenant);
    // Nobody of a workspace without this app can be asked about, nor decide anything.
    if (!found) return { standing: 'foreign', name: account.user, email: null };
    return this.#profiles.get(accountKey(account), () => this.#askProfile(found, account));
  }

  async usergroupMembers(
    team: string,
    usergroup: string,
    tenant: TenantId,
  ): Promise<readonly Account[]> {
    const found = await this.#own(team, tenant);
    if (!found) throw new LookUpFailed('the app is not installed there');
    return this.#groups.get(`${team}/${usergroup}`, () => this.#askMembers(found, usergroup));
  }

  /** `null` also for a workspace of another tenant's. @throws LookUpFailed. */
  async #own(team: string, tenant: TenantId): Promise<Installation | null> {
    const found = await this.#read(() => this.#installations.find(team));
    if (found !== null) return isOf(found, tenant) ? found : null;
    if (await this.#read(() => this.#installations.isLost(team, tenant)))
      throw new LookUpFailed('the app is not installed there any more');
    return null;
  }

  async #read<T>(read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (cause) {
      throw new LookUpFailed('it cannot be read where the app is installed', { cause });
    }
  }

  async #askProfile({ clients, team }: Installation, account: Account): Promise<Profile> {
    const answer = await this.#call(team, 'users.info', async () => {
      return clients.lookUps.users.info({ user: account.user });
    });
    if (answer === null) return { standing: 'unknown', name: account.user, email: null };
    const parsed = slackUser.safeParse(answer.user);
    if (!parsed.success) throw new LookUpFailed('users.info gave no user', { cause: parsed.error });
    return profileOf(parsed.data, account);
  }

  async #askMembers({ clients, team, isForAll }: Installation, usergroup: string) {
    const answer = await this.#call(team, 'usergroups.users.list', async () => {
      return clients.lookUps.usergroups.users.list({
        usergroup,
        // Without it Slack does not know which workspace of the organisation is meant.
        ...(isForAll === true && { team_id: team }),
      });
    });
    const parsed = members.safeParse(answer);
    if (!parsed.success) {
      throw new LookUpFailed('usergroups.users.list gave no users', { cause: parsed.error });
    }
    return parsed.data.users.map((user) => ({ team, user }));
  }

  /** The answer; `null` where Slack says that there is no such person. @throws LookUpFailed. */
  async #call<T>(team: string, method: string, ask: () => Promise<T>): Promise<T | null> {
    const key = `${team}/${method}`;
    if ((this.#pausedUntil.get(key) ?? 0) > this.#clock()) {
      throw new LookUpFailed(`${method} is rate-limited`);
    }
    try {
      return await ask();
    } catch (cause) {
      const failure = callFailureOf(cause);
      if (failure.kind === 'rate-limited') {
        this.#pausedUntil.set(key, this.#clock() + failure.retryAfterMs);
      }
      if (failure.kind === 'refused' && GONE.has(failure.error)) return null;
      const why = failure.kind === 'refused' ? failure.error : failure.kind;
      throw new LookUpFailed(`${method} failed: ${why}`, { cause });
    }
  }
}
