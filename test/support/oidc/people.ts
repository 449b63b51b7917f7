import type { ProviderPerson } from './identity-provider.ts';

/** The company's accounts at its identity provider. */
export const ACCOUNTS = {
  senior: account('idp|senior', 'S. Senior', 'senior@acme.example'),
  release1: account('idp|release1', 'R. Roe', 'release1@acme.example'),
  unverified: {
    ...account('idp|unverified', 'U. Nverified', 'senior@acme.example'),
    emailVerified: false,
  },
} satisfies Record<string, ProviderPerson>;

function account(sub: string, name: string, email: string): ProviderPerson {
  return { sub, name, email, emailVerified: true };
}
