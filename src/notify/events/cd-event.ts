import type { Deployed, ToldEntry } from '#application/ports/events';

/** The release of CDEvents whose service events have version 0.3.0. */
const CDEVENTS_VERSION = '0.5.1';

interface CdContext {
  readonly id: string;
  readonly type: string;
  readonly source: string;
  readonly time: string;
}

/**
 * The data of a CDEvent of a service (CDEvents 0.5.1, continuous deployment): which artifact runs
 * where. What it has to do with a bypass stands in `customData`.
 */
export function cdEvent(
  { id, type, source, time: timestamp }: CdContext,
  { digest, receipt, said }: ToldEntry,
  { service, environment, artifactId }: Deployed,
) {
  const { bypass, gate, member, deploy } = said;
  const passed = member === undefined ? { gate } : { gate, member };
  return {
    context: { specversion: CDEVENTS_VERSION, id, source, type, timestamp },
    subject: { id: service, content: { environment: { id: environment }, artifactId } },
    customData: { bypass, ...passed, deploy, receipt: { entry: digest, ...receipt } },
    customDataContentType: 'application/json',
  };
}
