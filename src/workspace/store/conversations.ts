import type { IdSequence } from '../ids.ts';
import type { SeedChannel, WorkspaceSeed } from '../seed.ts';

export interface Conversation {
  id: string;
  kind: 'public' | 'private' | 'im';
  name: string;
  teamId: string;
  members: Set<string>;
  isExtShared: boolean;
  isPendingExtShared: boolean;
  isArchived: boolean;
  /** Seconds since the Unix epoch. */
  created: number;
}

/** Channels and direct messages. */
export class Conversations {
  readonly #byId = new Map<string, Conversation>();
  readonly #ids: IdSequence;
  readonly #homeTeamId: string;

  constructor(seed: WorkspaceSeed, ids: IdSequence) {
    this.#ids = ids;
    this.#homeTeamId = seed.teams[0].id;
    for (const channel of seed.channels ?? []) this.set(channel);
  }

  /** Adds a channel, or replaces the one with this id; what was said there stays. */
  set(channel: SeedChannel): void {
    this.#byId.set(channel.id, {
      id: channel.id,
      kind: channel.isPrivate ? 'private' : 'public',
      name: channel.name,
      teamId: channel.teamId ?? this.#homeTeamId,
      members: new Set(channel.members),
      isExtShared: channel.isExtShared ?? false,
      isPendingExtShared: channel.isPendingExtShared ?? false,
      isArchived: channel.isArchived ?? false,
      created: 1_700_000_000,
    });
  }

  get(id: string): Conversation | undefined {
    return this.#byId.get(id);
  }

  all(): Conversation[] {
    return [...this.#byId.values()];
  }

  /** The direct message between two users, opened if it is not yet. */
  direct(teamId: string, botUserId: string, userId: string): { dm: Conversation; isNew: boolean } {
    const open = this.all().find(
      ({ kind, members }) => kind === 'im' && members.has(botUserId) && members.has(userId),
    );
    if (open) return { dm: open, isNew: false };
    const dm: Conversation = {
      id: this.#ids.next('D'),
      kind: 'im',
      name: 'directmessage',
      teamId,
      members: new Set([botUserId, userId]),
      isExtShared: false,
      isPendingExtShared: false,
      isArchived: false,
      created: 1_700_000_000,
    };
    this.#byId.set(dm.id, dm);
    return { dm, isNew: true };
  }
}
