import type { BypassEvent } from '#domain/bypass/event';
import { canonicalText, type JsonValue } from './canonical-json.ts';
import { digestOf } from './digest.ts';
import type { EntryEvent } from './entry-draft.ts';
import type { RecordedEvent } from './recorded-event.ts';

/** What the subjects of a statement follow from. */
interface Subjected {
  readonly tenant: string;
  readonly log: string;
  readonly event: EntryEvent | RecordedEvent;
}

/**
 * What the statement is about, each by digest: the log, the bypass with its gate and scope, the
 * request that an approval answers, the artifact that was deployed.
 */
export function subjectsOf({ tenant, log, event }: Subjected): JsonValue[] {
  const subjects = [subjectOfLog(tenant, log)];
  if ('bypass' in event) subjects.push(subjectOfBypass(tenant, event));
  const own = ownSubject(event);
  if (own !== undefined) subjects.push(own);
  return subjects;
}

export function subjectOfLog(tenant: string, log: string): JsonValue {
  return subject(`log/${log}`, digestOf(canonicalText({ log, tenant })));
}

/** What a bypass is, in every entry of it. */
type Bypassed = Pick<BypassEvent, 'bypass' | 'chain' | 'gate' | 'gates' | 'scope' | 'drill'>;

export function subjectOfBypass(tenant: string, event: Bypassed): JsonValue {
  const { bypass, chain, gate, gates, drill } = event;
  const { artifact, branch, environment, service } = event.scope;
  // In canonical order, in which it is written without being sorted.
  const scope = { artifact, branch, environment, service };
  const opened = gates === undefined ? { gate } : { gate, gates: [...gates] };
  const about = { bypass, chain, drill, ...opened, scope, tenant };
  return subject(`bypass/${bypass}`, digestOf(canonicalText(about)));
}

/** What this entry is about and others of its bypass are not; `undefined` for most. */
export function ownSubject(event: EntryEvent | RecordedEvent): JsonValue | undefined {
  if (event.type === 'approval.given') return subject(`request/${event.bypass}`, event.request);
  if (event.type === 'entry.attested') return subject(`entry/${event.index}`, event.entry);
  if (event.type === 'deploy.annotated' && event.artifact !== null)
    return artifactSubject(event.artifact);
  return undefined;
}

function subject(name: string, digest: string): JsonValue {
  return { digest: { sha256: digest.slice('sha256:'.length) }, name };
}

/** A gate may name artifacts by another algorithm than SHA-256; in-toto takes any name for it. */
function artifactSubject({ name, digest }: { name: string; digest: string }): JsonValue {
  const colon = digest.indexOf(':');
  return { digest: { [digest.slice(0, colon)]: digest.slice(colon + 1) }, name };
}
