import type { Attester } from './attester.ts';
import type { Directory } from './directory.ts';
import type { PeopleStore } from './people-store.ts';
import type { PostMortemTemplates } from './post-mortem-template.ts';
import type { KeyStore } from './tenant-keys.ts';
import type { TenantStore } from './tenant-store.ts';

/** What the use cases work with; wired once, at start. */
export interface Ports {
  readonly store: TenantStore;
  readonly keys: KeyStore;
  readonly people: PeopleStore;
  readonly directory: Directory;
  readonly attester: Attester;
  readonly templates: PostMortemTemplates;
  /** 16 random bytes at each call. */
  readonly newSalt: () => Uint8Array;
  /** A random UUID at each call. */
  readonly newId: () => string;
  /** Cards say `evaluation`: the embedded authority signs while a real Slack is served. */
  readonly evaluation: boolean;
}
