import { publishedAt } from '#application/keys/key-schedule';
import type {
  InstallationKeyPurpose,
  InstallationKeyStore,
} from '#application/ports/installation-keys';

/** Keys that are published, as this replica read them last. */
export interface PublishedKeys<Key> {
  /** The first one signs. */
  keys(): readonly [Key, ...Key[]];
  /** Reads them anew. Which one signs goes by the database's clock, never by this process's. */
  refresh(): Promise<void>;
}

/** Opens the keys of a purpose. A version never changes, so each is read once. */
export async function openPublishedKeys<Key>(
  store: InstallationKeyStore,
  purpose: InstallationKeyPurpose,
  read: (secret: Uint8Array) => Key,
): Promise<PublishedKeys<Key>> {
  const opened = new Map<number, Key>();
  const load = async (): Promise<readonly [Key, ...Key[]]> => {
    const { now, keys } = await store.read(purpose);
    const [signing, ...others] = publishedAt(keys, now).map(({ version, secret }) => {
      const key = opened.get(version) ?? read(secret);
      opened.set(version, key);
      return key;
    });
    if (signing === undefined) throw new RangeError('no key signs');
    return [signing, ...others];
  };
  let published = await load();
  return {
    keys: () => published,
    async refresh() {
      published = await load();
    },
  };
}
