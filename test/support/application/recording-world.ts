import type { Account } from '#application/ports/account';
import { accountKey } from '#application/ports/account';
import type { BypassCard } from '#application/ports/card';
import type { HomePublisher, Published } from '#application/ports/home';
import type { Mine } from '#application/ports/mine';
import type { AlarmNotice } from '#application/ports/alarm';
import type { Attempt, EventSender, EventTarget, ToldEvent } from '#application/ports/events';
import type { GateAdapter } from '#application/ports/gate-adapter';
import type { Announcement, Announcer, Witness } from '#application/ports/outbound';
import type { Page, Pager, PagerKind, Pagers } from '#application/ports/pager';
import type { MessageRef } from '#application/ports/press';
import type { Fetched, ProvenanceSource } from '#application/ports/provenance';
import type {
  Note,
  Publisher,
  Surface,
  SurfaceModel,
  ThreadMessage,
  ThreadOf,
} from '#application/ports/surface';
import type { IssueTracker, ReviewIssue } from '#application/ports/review-issues';
import type { BypassId, TenantId } from '#domain/ids';
import { issueText } from '#postmortem/github/issue-text';

interface ShownCard {
  readonly surface: Surface;
  readonly card: BypassCard;
}

/** What everybody outside was told: messages with what they show last, notes, pages. */
export class RecordingWorld implements Publisher, HomePublisher, Pager, Announcer, EventSender {
  readonly #shown = new Map<string, ShownCard>();
  readonly told: { readonly account: Account; readonly note: Note }[] = [];
  readonly said: { readonly under: ThreadOf; readonly said: ThreadMessage }[] = [];
  readonly homes: { readonly account: Account; readonly mine: Mine }[] = [];
  readonly pages: Page[] = [];
  readonly announced: { readonly channel: string; readonly said: Announcement }[] = [];
  /** Asked to cosign, in every replica. */
  readonly witnesses: Witness[] = [];
  /** What the log of the process says. */
  readonly logged: AlarmNotice[] = [];
  readonly retracted: ({ readonly surface: string } & MessageRef)[] = [];
  readonly lookedAt: BypassId[] = [];
  readonly events: { readonly target: EventTarget; readonly event: ToldEvent }[] = [];
  /** What the receivers of events answer next; then they take everything. */
  readonly answers: Attempt[] = [];
  /** What lies at an address; where nothing does, nothing is fetched. */
  readonly attestations = new Map<string, Fetched>();
  readonly fetched: string[] = [];
  /** How a tenant is paged, where it is not by this. */
  readonly ways = new Map<TenantId, Partial<Record<PagerKind, Pager>>>();
  readonly pagers: Pagers = { of: async (tenant) => this.ways.get(tenant) ?? { webhook: this } };
  #posts = 0;
  /** Runs before each announcement; throws to have it fail. */
  beforeAnnounce: (said: Announcement) => Promise<void> = async () => {};
  /** Runs before each message in a thread; throws to have it fail. */
  beforeSay: () => Promise<void> = async () => {};
  /** Runs before each Home is published; throws to have it fail. */
  beforeHome: (account: Account) => Promise<void> = async () => {};
  /** Runs before each publication; throws to have it fail. */
  beforePublish: (surface: Surface) => Promise<void> = async () => {};

  async publish(surface: Surface, model: SurfaceModel): Promise<MessageRef> {
    await this.beforePublish(surface);
    const channel = surface.to.kind === 'person' ? accountKey(surface.to.account) : 'C0INCIDENT';
    const message = surface.message ?? { channel, ts: String((this.#posts += 1)) };
    this.#shown.set(surface.id, { surface, card: cardOf(model) });
    return message;
  }

  async retract(surface: Surface, copy: MessageRef): Promise<void> {
    this.retracted.push({ surface: surface.id, ...copy });
  }

  async tell(account: Account, _from: MessageRef | null, note: Note): Promise<void> {
    this.told.push({ account, note });
  }

  async say(under: ThreadOf, said: ThreadMessage): Promise<void> {
    await this.beforeSay();
    this.said.push({ under, said });
  }

  async publishHome(account: Account, mine: Mine): Promise<Published> {
    await this.beforeHome(account);
    this.homes.push({ account, mine });
    return { hash: String(this.homes.length) };
  }

  async page(page: Page): Promise<void> {
    this.pages.push(page);
  }

  async send(target: EventTarget, event: ToldEvent): Promise<Attempt> {
    this.events.push({ target, event });
    return this.answers.shift() ?? { outcome: 'delivered', status: 204, durationMs: 1 };
  }

  provenance: ProvenanceSource = {
    fetch: async (uri) => {
      this.fetched.push(uri);
      return this.attestations.get(uri) ?? { kind: 'not-fetched' };
    },
  };

  /** Reviews as they stand in a tracker, by their numbers from 1. */
  readonly issues: ReviewIssue[] = [];
  /** Runs behind each issue that was made; throws to have its answer lost. */
  afterIssue: () => Promise<void> = async () => {};
  readonly issueTracker: IssueTracker = {
    draw: issueText,
    find: async (_, { marker }) => {
      const place = this.issues.findIndex((one) => one.body.startsWith(marker));
      return place < 0 ? null : place + 1;
    },
    create: async (_, issue) => {
      const number = this.issues.push(issue);
      await this.afterIssue();
      return number;
    },
    update: async (_, number, issue) => {
      this.issues[number - 1] = issue;
      return 'updated';
    },
  };

  async announce(_team: string, channel: string, said: Announcement): Promise<void> {
    await this.beforeAnnounce(said);
    this.announced.push({ channel, said });
  }

  /** A gate that enforces whenever it is looked at. */
  gate: GateAdapter = {
    kind: 'http',
    capabilities: { asks: 'pull', ttl: 'per-request', watch: false, reverts: [], stalenessMs: 0 },
    enforces: async (_tenant, _facts, ended) => {
      this.lookedAt.push(ended);
      return true;
    },
  };

  /** The cards of a bypass as they stand now. */
  cardsOf(bypass: BypassId): readonly ShownCard[] {
    return [...this.#shown.values()].filter(({ surface }) => surface.bypass === bypass);
  }

  notesTo(account: Account): readonly Note[] {
    const key = accountKey(account);
    return this.told.filter((one) => accountKey(one.account) === key).map(({ note }) => note);
  }
}

const cardOf = (model: SurfaceModel): BypassCard =>
  model.kind === 'post-mortem' ? model.card.card : model.card;
