import type { AlarmStore } from './alarm.ts';
import type { Attester } from './attester.ts';
import type { Directory } from './directory.ts';
import type { OnCall } from './on-call.ts';
import type { PeopleStore } from './people-store.ts';
import type { PostMortemTemplates } from './post-mortem-template.ts';
import type { PressSeals } from './press-seals.ts';
import type { SigningStore } from './signing-store.ts';
import type { SignInDirectory, SignInSetting } from './sign-in.ts';
import type { Seals } from './seals.ts';
import type { KeyStore } from './tenant-keys.ts';
import type { TenantStore } from './tenant-store.ts';

/** What the use cases work with; wired once, at start. */
export interface Ports {
  readonly store: TenantStore;
  readonly keys: KeyStore;
  readonly pressSeals: PressSeals;
  readonly alarms: AlarmStore;
  readonly people: PeopleStore;
  readonly directory: Directory;
  readonly onCall: OnCall;
  readonly attester: Attester;
  readonly signings: SigningStore;
  readonly templates: PostMortemTemplates;
  readonly seals: Seals;
  readonly links: SignInDirectory;
  /** `null` where no identity provider is configured: then no tier may demand a sign-in. */
  readonly signIn: SignInSetting | null;
  /** 16 random bytes at each call. */
  readonly newSalt: () => Uint8Array;
  /** A random UUID at each call. */
  readonly newId: () => string;
  /** Cards say `evaluation`: the embedded authority signs while a real Slack is served. */
  readonly evaluation: boolean;
}
