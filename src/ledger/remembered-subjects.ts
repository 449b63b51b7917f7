import type { BypassEvent } from '#domain/bypass/event';
import type { JsonValue } from './canonical-json.ts';
import { SUBJECTS, type SharedSubjects } from './subjects.ts';

/** More bypasses than are busy at one time; those of older ones are computed again. */
const KEPT = 256;

interface Remembered {
  readonly tenant: string;
  readonly event: BypassEvent;
  readonly subject: JsonValue;
}

/** Subjects that entries share, computed once: each takes a hash, and a log repeats them. */
export class RememberedSubjects implements SharedSubjects {
  #log: { readonly tenant: string; readonly log: string; readonly subject: JsonValue } | undefined;
  readonly #bypasses = new Map<string, Remembered>();

  ofLog(tenant: string, log: string): JsonValue {
    if (this.#log?.tenant !== tenant || this.#log.log !== log)
      this.#log = { tenant, log, subject: SUBJECTS.ofLog(tenant, log) };
    return this.#log.subject;
  }

  ofBypass(tenant: string, event: BypassEvent): JsonValue {
    const known = this.#bypasses.get(event.bypass);
    if (known?.tenant === tenant && sameAbout(known.event, event)) return known.subject;
    const subject = SUBJECTS.ofBypass(tenant, event);
    if (this.#bypasses.size >= KEPT) this.#bypasses.clear();
    this.#bypasses.set(event.bypass, { tenant, event, subject });
    return subject;
  }
}

/** All that the subject of a bypass is a digest of, but the tenant. */
function sameAbout(a: BypassEvent, b: BypassEvent): boolean {
  return (
    a.bypass === b.bypass &&
    a.chain === b.chain &&
    a.gate === b.gate &&
    a.drill === b.drill &&
    a.scope.service === b.scope.service &&
    a.scope.environment === b.scope.environment &&
    a.scope.branch === b.scope.branch &&
    a.scope.artifact === b.scope.artifact
  );
}
