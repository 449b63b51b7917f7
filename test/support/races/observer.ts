import { accountKey, type Account } from '#application/ports/account';
import { PageFailed, type Page, type Pager } from '#application/ports/pager';
import type { MessageRef } from '#application/ports/press';
import {
  PublishFailed,
  type Note,
  type Publisher,
  type Surface,
  type SurfaceModel,
  type ThreadMessage,
  type ThreadOf,
} from '#application/ports/surface';
import type { GateAdapter } from '#application/ports/gate-adapter';
import { linkIn } from '#test/support/application/sign-in-edge';
import type { History, Moment, Observation, Outcome } from './history.ts';
import { shownBy } from './shown-by.ts';

type NotYetSeen = Observation extends infer One
  ? One extends Observation
    ? Omit<One, 'moment'>
    : never
  : never;

/** Everything outside the service: what it was told, in the order in which it heard. */
export class Observer {
  readonly observed: Observation[] = [];
  readonly #databaseTime: () => Promise<number>;
  #posts = 0;
  /** What becomes of the next messages; then everything is sent. */
  readonly script: Outcome[] = [];
  /** Links to sign in on that somebody was sent, oldest first. */
  readonly links: string[] = [];
  readonly #tenantOf: (team: string) => string;

  constructor(databaseTime: () => Promise<number>, tenantOf: (team: string) => string) {
    this.#databaseTime = databaseTime;
    this.#tenantOf = tenantOf;
  }

  /** The place that the next observation gets. */
  get moment(): Moment {
    return this.observed.length + 1;
  }

  see(one: NotYetSeen): void {
    this.observed.push({ ...one, moment: this.moment });
  }

  history(tenants: History['tenants']): History {
    return { observed: this.observed, tenants };
  }

  /** @param begun when the sender took the message up. */
  readonly publisher = (begun: Moment): Publisher => ({
    publish: async (surface: Surface, model: SurfaceModel): Promise<MessageRef> => {
      const { to, message, tenant } = surface;
      const channel = to.kind === 'person' ? accountKey(to.account) : to.channel;
      const card = model.kind === 'post-mortem' ? model.card.card : model.card;
      const outcome = this.script.shift() ?? 'sent';
      this.see({
        kind: 'published',
        tenant,
        surface: surface.id,
        bypass: surface.bypass,
        channel,
        team: to.kind === 'person' ? to.account.team : to.team,
        drill: card.drill,
        shows: shownBy(card),
        begun,
        at: await this.#databaseTime(),
        outcome,
      });
      expectArrived(outcome);
      return message ?? { channel, ts: String((this.#posts += 1)) };
    },
    retract: async (): Promise<void> => {
      expectArrived(this.script.shift() ?? 'sent');
    },
    say: async ({ to, message }: ThreadOf, { kind, card }: ThreadMessage): Promise<void> => {
      const { team } = to.kind === 'person' ? to.account : to;
      const outcome = this.script.shift() ?? 'sent';
      this.see({
        kind: 'told',
        tenant: this.#tenantOf(team),
        team,
        channel: to.kind === 'person' ? `person:${accountKey(to.account)}` : message.channel,
        note: kind,
        bypass: card.bypass,
        begun,
        at: await this.#databaseTime(),
        outcome,
      });
      expectArrived(outcome);
    },
    tell: async (account: Account, from: MessageRef | null, note: Note): Promise<void> => {
      const outcome = this.script.shift() ?? 'sent';
      this.see({
        kind: 'told',
        tenant: this.#tenantOf(account.team),
        team: account.team,
        channel: from?.channel ?? `person:${accountKey(account)}`,
        note: note.kind,
        bypass: 'card' in note && note.card !== null ? note.card.bypass : null,
        begun,
        at: await this.#databaseTime(),
        outcome,
      });
      const isThere = outcome === 'sent' || outcome === 'lost';
      if (isThere && note.kind === 'sign-in') this.links.push(linkIn(note));
      expectArrived(outcome);
    },
  });

  readonly pager: Pager = {
    page: async ({ id, kind, card }: Page): Promise<void> => {
      const outcome = this.script.shift() ?? 'sent';
      if (outcome !== 'sent') throw new PageFailed('unavailable');
      const tenant = this.#tenantOf(card.requester.account.team);
      this.see({ kind: 'paged', tenant, page: id, about: kind, bypass: card.bypass });
    },
  };

  /** A gate that enforces whenever it is looked at. */
  readonly gate: GateAdapter = {
    kind: 'http',
    capabilities: { asks: 'pull', ttl: 'per-request', watch: false, reverts: [], stalenessMs: 0 },
    enforces: () => Promise.resolve(true),
  };
}

function expectArrived(outcome: Outcome): void {
  if (outcome === 'sent') return;
  if (typeof outcome === 'object') throw new PublishFailed('rate-limited', outcome.retryAfterMs);
  throw new PublishFailed(outcome === 'lost' ? 'unanswered' : outcome, null);
}
