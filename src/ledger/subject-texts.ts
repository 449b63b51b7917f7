import { sameGates } from '#domain/opened-gates';
import { canonicalText } from './canonical-json.ts';
import type { PlainText } from './plain-text.ts';
import { isBypassEvent, type RecordedBypassEvent, type RecordedEvent } from './recorded-event.ts';
import { ownSubject, subjectOfBypass, subjectOfLog } from './subjects.ts';

/** More bypasses than are busy at one time; what those of older ones are is computed again. */
const KEPT = 256;

/** All that the subject of a bypass is a digest of, but the tenant. */
type About = Pick<RecordedBypassEvent, 'bypass' | 'chain' | 'gate' | 'gates' | 'drill' | 'scope'>;

interface Remembered {
  readonly about: About;
  readonly text: string;
}

/**
 * The subjects of the statements of one log, as they are written. Those that entries share are
 * computed once: each takes a hash, and a log repeats them.
 */
export class SubjectTexts {
  readonly #tenant: string;
  readonly #ofLog: string;
  readonly #bypasses = new Map<string, Remembered>();

  constructor(tenant: string, log: string) {
    this.#tenant = tenant;
    this.#ofLog = `[${canonicalText(subjectOfLog(tenant, log))}`;
  }

  /** Goes past the subjects of this event; `false` where they are not exactly those. */
  skip(text: PlainText, event: RecordedEvent): boolean {
    if (!text.skip(this.#ofLog)) return false;
    if (isBypassEvent(event) && !text.skip(this.#ofBypass(event))) return false;
    const own = ownSubject(event);
    if (own !== undefined && !text.skip(`,${canonicalText(own)}`)) return false;
    return text.skip(']');
  }

  #ofBypass(event: RecordedBypassEvent): string {
    const known = this.#bypasses.get(event.bypass);
    if (known !== undefined && sameAbout(known.about, event)) return known.text;
    const text = `,${canonicalText(subjectOfBypass(this.#tenant, event))}`;
    if (this.#bypasses.size >= KEPT) this.#bypasses.clear();
    // Not the event itself: the rest of it would be kept as long.
    const { bypass, chain, gate, gates, drill, scope } = event;
    const about = { bypass, chain, gate, drill, scope, ...(gates === undefined ? {} : { gates }) };
    this.#bypasses.set(bypass, { about, text });
    return text;
  }
}

function sameAbout(a: About, b: About): boolean {
  return (
    a.bypass === b.bypass &&
    a.chain === b.chain &&
    a.gate === b.gate &&
    sameGates(a.gates, b.gates) &&
    a.drill === b.drill &&
    a.scope.service === b.scope.service &&
    a.scope.environment === b.scope.environment &&
    a.scope.branch === b.scope.branch &&
    a.scope.artifact === b.scope.artifact
  );
}
