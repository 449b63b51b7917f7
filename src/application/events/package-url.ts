/**
 * The package URL (purl-spec, type `oci`) of an artifact as a gate named it: `registry/team/app` with
 * or without a tag, and a digest. The name is the last part, in lower case; where it came from is the
 * `repository_url`, written only where there is more than a name.
 */
export function packageUrl({
  name,
  digest,
}: {
  readonly name: string;
  readonly digest: string;
}): string {
  const repository = repositoryOf(name);
  const last = repository.split('/').at(-1)?.toLowerCase() || 'unnamed';
  const where = repository.includes('/')
    ? `?repository_url=${encodeURIComponent(repository).replaceAll('%2F', '/')}`
    : '';
  return `pkg:oci/${encodeURIComponent(last)}@${encodeURIComponent(digest)}${where}`;
}

/** Without what follows the name: `:tag`, `@sha256:…`. A port stands before the last slash. */
function repositoryOf(name: string): string {
  const [undigested = ''] = name.toWellFormed().split('@');
  const slash = undigested.lastIndexOf('/');
  const colon = undigested.indexOf(':', slash + 1);
  return colon === -1 ? undigested : undigested.slice(0, colon);
}
