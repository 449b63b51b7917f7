import type { BypassId } from '#domain/ids';
import type { MessageRef, NewPress, PressStore } from '#application/ports/press';
import type {
  FormChoices,
  FormMistake,
  PartialForm,
  Preview,
  RequestForms,
} from '#application/ports/request-forms';
import type { SurfaceCopies } from '#application/ports/surface-store';
import type { Account } from '#application/ports/account';
import type { BypassCard } from '#application/ports/card';
import type { HomeStore } from '#application/ports/home';
import type { Found, Meant, Mine, MineReader } from '#application/ports/mine';
import type { PolicyShown } from '#application/ports/policy-shown';
import { tenantId } from '#domain/ids';
import type { Standing } from '#domain/policy/look-up';
import { HOUR_MS, MINUTE_MS } from '#domain/instant';
import type { Refusal } from '#domain/refusal';
import { moe, roe, TEAM } from './sample-card.ts';

export const CHOICES: FormChoices = {
  gates: [
    { name: 'image-policy', description: 'Only signed images reach production' },
    { name: 'deploy-window', description: '' },
  ],
  services: [
    { name: 'checkout', environments: ['staging', 'production'] },
    { name: 'ledger-db', environments: ['production'] },
  ],
  severities: ['sev1', 'sev2'],
  ttlsMs: [15 * MINUTE_MS, HOUR_MS, 4 * HOUR_MS],
  channel: null,
};

const ASKS: Preview = {
  kind: 'asks',
  tiers: ['high'],
  unknown: [],
  requirements: [{ from: 'release', count: 2, people: [roe, moe] }],
  ttlOffersMs: [15 * MINUTE_MS, HOUR_MS],
  attestation: 'preferred',
  stepUp: false,
  pendingMs: 30 * MINUTE_MS,
  steps: [{ afterMs: 10 * MINUTE_MS, groups: ['managers'] }],
  paged: true,
  raisedBy: null,
  refusal: null,
};

/** The application's side of the forms, in memory. */
export class FormsInMemory implements RequestForms {
  choicesNow = CHOICES;
  mistakes: FormMistake[] = [];
  cards: BypassCard[] = [];
  asked: PartialForm[] = [];
  failing = false;

  async tenantOf(team: string) {
    return team === TEAM ? tenantId('acme') : null;
  }
  async choices() {
    if (this.failing) throw new Error('the database is down');
    return this.choicesNow;
  }
  standingNow: Standing = 'member';
  async standing() {
    return this.standingNow;
  }
  async preview(_tenant: unknown, _account: unknown, form: PartialForm): Promise<Preview> {
    this.asked.push(form);
    return form.gate && form.service && form.environment ? ASKS : { kind: 'incomplete' };
  }
  async checkShape(): Promise<FormMistake[]> {
    return [];
  }
  async check() {
    return this.mistakes;
  }
  async card(_tenant: unknown, bypass: string) {
    return this.cards.find((card) => card.bypass === bypass) ?? null;
  }
  /** The bypass whose card stands there, by channel and time. */
  readonly shownAt = new Map<string, BypassId>();
  async bypassShownAt(_tenant: unknown, channel: string, ts: string) {
    return this.shownAt.get(`${channel} ${ts}`) ?? null;
  }
  /** Instead of what the card grants. */
  refusesExtension: Refusal | null = null;
  async extension(tenant: unknown, bypass: string) {
    const card = await this.card(tenant, bypass);
    return card && { card, offersMs: this.refusesExtension ?? card.grantableMs };
  }
}

/** What lists show, in memory. */
export class MineInMemory implements MineReader {
  mineNow: Mine = {
    kind: 'member',
    now: 0,
    active: { shown: [], total: 0 },
    waiting: { shown: [], total: 0 },
    waitsForMe: { shown: [], total: 0 },
    owed: { shown: [], total: 0 },
    mayAsk: 3,
  };
  foundNow: Found = { kind: 'none' };
  meant: Meant[] = [];

  async mine() {
    return this.mineNow;
  }
  policyNow: PolicyShown | Extract<Mine, { kind: 'outsider' }> = {
    kind: 'outsider',
    standing: 'unknown',
  };
  async policy() {
    return this.policyNow;
  }
  async find(_tenant: unknown, _account: unknown, meant: Meant) {
    this.meant.push(meant);
    return this.foundNow;
  }
}

/** Who looked at their Home. */
export class HomesInMemory implements Pick<HomeStore, 'opened'> {
  readonly seen: Account[] = [];
  async opened(_tenant: unknown, account: Account) {
    this.seen.push(account);
  }
}

/** What was pressed, by the card it shows. */
export class CopiesInMemory implements Pick<SurfaceCopies, 'pressed'> {
  readonly seen: { readonly surface: string; readonly message: MessageRef }[] = [];
  async pressed(_tenant: unknown, surface: string, message: MessageRef) {
    this.seen.push({ surface, message });
  }
}

/** Presses in memory, one a key, as the table keeps them. */
export class PressesInMemory implements PressStore {
  readonly #stored = new Map<string, NewPress>();
  deliveries = 0;
  /** Set to have storing fail or wait. */
  gate: () => Promise<void> = async () => {};

  get stored(): NewPress[] {
    return [...this.#stored.values()];
  }
  async store(press: NewPress) {
    this.deliveries += 1;
    await this.gate();
    this.#stored.set(press.key, press);
  }
}
