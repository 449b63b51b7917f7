import type { InstallationStore, StoredInstallation } from '#application/ports/installs';
import type { TenantId } from '#domain/ids';
import type { Installation, Installations } from './installations.ts';
import type { SlackClients } from './slack-clients.ts';

interface Known {
  readonly askedAt: number;
  readonly enterprise: string | null;
  readonly answer: Promise<Installation | null>;
  /** Once it has come. */
  found?: Installation | null;
}

export interface StoredInstallationsOptions {
  readonly store: Pick<InstallationStore, 'find' | 'isBound' | 'suspect'>;
  readonly clientsFor: (token: string, onDeadToken: () => void) => SlackClients;
  /** Somebody was to look whether an installation stands, and could not be told. */
  readonly onError: (error: unknown) => void;
  /** Milliseconds that never go back. */
  readonly clock: () => number;
}

/** How long an installation that ended may still be served here; calls for it are refused by Slack. */
const MAX_AGE_MS = 60_000;
/** Somebody may be installing it: they should not have to wait. */
const MISSING_MAX_AGE_MS = 5_000;

/** Installations in the database, kept for a minute: nothing that Slack waits for reads it twice. */
export class StoredInstallations implements Installations {
  readonly isKnown = true;
  readonly whenMissing = 'not-installed';
  readonly #options: StoredInstallationsOptions;
  readonly #known = new Map<string, Known>();
  /** A client waits by itself where Slack asks it to, so each token keeps its own. */
  readonly #clients = new Map<string, { readonly token: string; readonly clients: SlackClients }>();

  constructor(options: StoredInstallationsOptions) {
    this.#options = options;
  }

  of(team: string): Installation | null {
    const known = this.#known.get(team);
    return known === undefined || this.#isOld(known) ? null : (known.found ?? null);
  }

  find(team: string): Promise<Installation | null> {
    return this.warm(team, null);
  }

  async isLost(team: string, tenant: TenantId): Promise<boolean> {
    return (await this.find(team)) === null && this.#options.store.isBound(team, tenant);
  }

  warm(team: string | null, enterprise: string | null): Promise<Installation | null> {
    const key = team ?? enterprise;
    if (key === null) return Promise.resolve(null);
    const known = this.#known.get(key);
    // Who asks without knowing the organisation is served by what somebody who knew it found.
    const isSame = enterprise === null || known?.enterprise === enterprise;
    if (known !== undefined && isSame && !this.#isOld(known)) return known.answer;
    return this.#ask(key, team, enterprise);
  }

  #ask(key: string, team: string | null, enterprise: string | null): Promise<Installation | null> {
    const answer = this.#options.store
      .find(team, enterprise)
      .then((found) => (found === null ? null : this.#installationOf(found, key)));
    const entry: Known = { askedAt: this.#options.clock(), enterprise, answer };
    this.#known.set(key, entry);
    void this.#settle(key, entry);
    return answer;
  }

  #isOld({ askedAt, found }: Known): boolean {
    const age = this.#options.clock() - askedAt;
    return age < 0 || age >= (found === null ? MISSING_MAX_AGE_MS : MAX_AGE_MS);
  }

  /** What could not be read is asked again; whoever waits for it hears why. */
  async #settle(key: string, entry: Known): Promise<void> {
    try {
      entry.found = await entry.answer;
    } catch {
      if (this.#known.get(key) === entry) this.#known.delete(key);
    }
  }

  #installationOf(found: StoredInstallation, team: string): Installation {
    const { id, tenant, botUser: botUserId, appId } = found;
    const clients = this.#clientsOf(found);
    return { team, id, botUserId, appId, clients, tenant, isForAll: found.team === null };
  }

  #clientsOf({ tenant, id, token }: StoredInstallation): SlackClients {
    const known = this.#clients.get(id);
    if (known?.token === token) return known.clients;
    const told = { once: false };
    const clients = this.#options.clientsFor(token, () => {
      if (told.once) return;
      told.once = true;
      // Whoever comes next reads anew: it may have ended, or been installed again.
      this.#known.clear();
      this.#clients.delete(id);
      this.#options.store.suspect(tenant, id).catch(this.#options.onError);
    });
    this.#clients.set(id, { token, clients });
    return clients;
  }
}
