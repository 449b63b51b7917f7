/**
 * Whether parsed JSON says that it is a Sigstore trusted root. Any other would read as a root that
 * trusts nobody, and every bundle would be refused for the wrong reason.
 */
export function isTrustedRoot(root: unknown): boolean {
  const mediaType: unknown = Object.entries(Object(root)).find(([key]) => key === 'mediaType')?.[1];
  return (
    typeof mediaType === 'string' &&
    mediaType.startsWith('application/vnd.dev.sigstore.trustedroot')
  );
}
