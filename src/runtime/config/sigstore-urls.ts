import type { RekorVersion, SigningServices } from '#sigstore/attest';

/** Where a Sigstore is. At least one of the two witnesses must vouch for the time. */
export interface SigstoreUrls {
  readonly fulcioUrl: string;
  /** `null` only with a Rekor v1, whose promise carries a time. */
  readonly tsaUrl: string | null;
  readonly rekorUrl: string | null;
  readonly rekorVersion: RekorVersion;
}

/** The same as the signing client takes it. */
export function servicesAt(urls: SigstoreUrls): SigningServices {
  const { fulcioUrl, tsaUrl, rekorUrl, rekorVersion } = urls;
  return {
    fulcioUrl,
    rekorVersion,
    ...(tsaUrl === null ? {} : { tsaUrl }),
    ...(rekorUrl === null ? {} : { rekorUrl }),
  };
}
