/** A trusted root of nobody: enough where nothing is attested. */
export const NO_AUTHORITY = {
  mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
};
