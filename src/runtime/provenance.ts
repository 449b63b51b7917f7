import { createProvenanceSource } from '#notify/provenance/provenance-source';
import type { Config } from './config/read-config.ts';

/** What fetches the provenance that deploys name. */
export function openProvenanceSource(
  { provenance }: Pick<Config, 'provenance'>,
  cleanup: AsyncDisposableStack,
) {
  const source = createProvenanceSource({ allowPrivate: provenance.allowPrivate });
  cleanup.defer(() => source.close());
  return source;
}
