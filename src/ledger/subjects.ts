import type { BypassEvent } from '#domain/bypass/event';
import { canonicalJson, type JsonValue } from './canonical-json.ts';
import { digestOf } from './digest.ts';
import type { EntryDraft } from './entry-draft.ts';

/** What the subjects of a statement follow from. */
export type Subjected = Pick<EntryDraft, 'tenant' | 'log' | 'event'>;

/** The subject of an entry's log, and that of its bypass, which many entries share. */
export interface SharedSubjects {
  readonly ofLog: (tenant: string, log: string) => JsonValue;
  readonly ofBypass: (tenant: string, event: BypassEvent) => JsonValue;
}

export const SUBJECTS: SharedSubjects = {
  ofLog: (tenant, log) => subject(`log/${log}`, digestOf(canonicalJson({ tenant, log }))),
  ofBypass: (tenant, { bypass, chain, gate, scope, drill }) => {
    const about = { tenant, chain, bypass, gate, scope: { ...scope }, drill };
    return subject(`bypass/${bypass}`, digestOf(canonicalJson(about)));
  },
};

/**
 * What the statement is about, each by digest: the bypass with its gate and scope, the request
 * that an approval answers, the artifact that was deployed.
 */
export function subjectsOf({ tenant, log, event }: Subjected, shared = SUBJECTS): JsonValue[] {
  const subjects = [shared.ofLog(tenant, log)];
  if ('bypass' in event) subjects.push(shared.ofBypass(tenant, event));
  if (event.type === 'approval.given')
    subjects.push(subject(`request/${event.bypass}`, event.request));
  if (event.type === 'entry.attested') subjects.push(subject(`entry/${event.index}`, event.entry));
  if (event.type === 'deploy.annotated' && event.artifact !== null)
    subjects.push(artifactSubject(event.artifact));
  return subjects;
}

function subject(name: string, digest: string): JsonValue {
  return { name, digest: { sha256: digest.slice('sha256:'.length) } };
}

/** A gate may name artifacts by another algorithm than SHA-256; in-toto takes any name for it. */
function artifactSubject({ name, digest }: { name: string; digest: string }): JsonValue {
  const colon = digest.indexOf(':');
  return { name, digest: { [digest.slice(0, colon)]: digest.slice(colon + 1) } };
}
