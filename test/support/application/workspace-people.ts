import type { Standing } from '#domain/policy/look-up';
import { accountKey, type Account } from '#application/ports/account';
import type { OnCall } from '#application/ports/on-call';
import { LookUpFailed, type Directory, type Profile } from '#application/ports/directory';

/** The people of every workspace in a test, and how to have a look-up fail. */
export class WorkspacePeople implements Directory {
  readonly #profiles = new Map<string, Profile>();
  readonly #groups = new Map<string, readonly Account[]>();
  readonly #onCall = new Map<string, readonly string[]>();
  /** While set, PagerDuty does not answer. */
  onCallFailing = false;
  /** Who is on call by the id of a schedule or an escalation policy; one that is unknown fails. */
  onCall: OnCall = {
    usersOf: async (_tenant, { id }) => {
      const users = this.onCallFailing ? undefined : this.#onCall.get(id);
      if (users === undefined) throw new LookUpFailed('PagerDuty does not answer');
      return users;
    },
  };
  /** While set, no look-up is answered. */
  failing = false;
  /** While set, people are known and groups are not. */
  groupsFailing = false;

  join(account: Account, has: Partial<Profile> = {}): void {
    const { team, user } = account;
    const email = `${user}@${team}.example`.toLowerCase();
    this.#profiles.set(accountKey(account), { standing: 'member', name: user, email, ...has });
  }

  become(account: Account, standing: Standing): void {
    this.join(account, { standing });
  }

  putOnCall(id: string, users: readonly string[]): void {
    this.#onCall.set(id, users);
  }

  setUsergroup(team: string, usergroup: string, members: readonly Account[]): void {
    this.#groups.set(`${team}/${usergroup}`, members);
  }

  async profile(account: Account): Promise<Profile> {
    this.#mayFail();
    return this.#profiles.get(accountKey(account)) ?? NOBODY;
  }

  async usergroupMembers(team: string, usergroup: string): Promise<readonly Account[]> {
    this.#mayFail();
    if (this.groupsFailing) throw new LookUpFailed('the workspace does not say who is in a group');
    return this.#groups.get(`${team}/${usergroup}`) ?? [];
  }

  #mayFail(): void {
    if (this.failing) throw new LookUpFailed('the workspace does not answer');
  }
}

const NOBODY: Profile = { standing: 'unknown', name: 'nobody', email: null };
