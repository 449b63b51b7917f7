import type { Message, Workspace } from '#workspace/workspace';
import { PEOPLE, policy } from '../service/acme.ts';
import {
  LONGEST_MS,
  layOut,
  type Defer,
  type Installation,
  type InstallationOptions,
} from '../service/installation.ts';
import type { Environment } from '../service/breakglass-process.ts';
import { startIdentityProvider, type IdentityProvider } from '../oidc/identity-provider.ts';
import { ACCOUNTS } from '../oidc/people.ts';

/** An installation whose approvers sign in at a provider of the company. */
export interface SigningCompany {
  readonly acme: Installation;
  readonly provider: IdentityProvider;
  readonly settings: Environment;
}

/** Staging takes one of the release group, and their sign-in. */
const POLICY = policy(
  `require: [{ from: release, count: 1 }]
    ttl: { offer: [15m, 1h], max: 1h }
    step_up: sso`,
).replace(
  'groups:',
  `people:
  - { slack: [${PEOPLE.release1}], email: release1@acme.example }
  - { slack: [${PEOPLE.release2}], email: release2@acme.example }
groups:`,
);

/** The audience that the embedded authority wants, whichever client asked. */
const AUDIENCE = 'sigstore';

export async function signingCompany(
  defer: Defer,
  options: Pick<InstallationOptions, 'databaseUrl'> = {},
): Promise<SigningCompany> {
  const acme = await layOut(defer, { policy: POLICY, ...options });
  const provider = await startIdentityProvider({
    people: Object.values(ACCOUNTS),
    redirectUris: [`${acme.url}/sign-in/callback`],
    audience: AUDIENCE,
  });
  defer(() => provider.close());
  const settings = {
    SIGN_IN_ISSUER: provider.issuer,
    SIGN_IN_CLIENT_ID: provider.webClient.id,
    SIGN_IN_CLIENT_SECRET: provider.webClient.secret,
    SIGN_IN_OWN_KEY_CLIENT_ID: provider.nativeClient.id,
    SIGN_IN_AUDIENCE: AUDIENCE,
  };
  return { acme, provider, settings };
}

/** The newest link that a person was sent, once there is one beside those that are `known`. */
export async function linkSentTo(
  workspace: Workspace,
  person: string,
  known: readonly string[] = [],
): Promise<string> {
  const message = await workspace.waitForMessage(
    person,
    (one) => linkIn(one, known) !== undefined,
    { timeoutMs: LONGEST_MS },
  );
  const link = linkIn(message, known);
  if (link === undefined) throw new Error('the message has no link');
  return link;
}

function linkIn(message: Message, known: readonly string[]): string | undefined {
  const found = /https?:\/\/[^\s"<>|`]+\/sign-in\/[\w-]{43}/.exec(JSON.stringify(message))?.[0];
  return found === undefined || known.includes(found) ? undefined : found;
}
