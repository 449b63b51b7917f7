import type { LinkRefusalReason, LinkView } from '#application/ports/decide-links';
import type { NewInstallation } from '#application/ports/installs';
import type { ProviderFailureCode } from '#application/ports/identity-provider';
import type { ApproverView, VerifiedSignIn } from '#application/ports/sign-in';
import type { BypassCard } from '#application/ports/card';
import { HOUR_MS, MINUTE_MS } from '#domain/instant';
import { linkPage } from '#http/decide/link-page';
import { donePage, judgingPage, signingPage } from '#http/decide/progress-page';
import { refusalPage as decideRefusalPage } from '#http/decide/refusal-page';
import { linkRefusalWords } from '#http/decide/refusal-words';
import { requestPage } from '#http/decide/request-page';
import {
  confirmPage as confirmInstallPage,
  installedPage,
  invitedPage,
  NOT_INSTALLED,
  notInstalledPage,
  toSlackPage,
} from '#http/install/install-pages';
import { approvedPage } from '#http/sign-in/approved-page';
import { askPage } from '#http/sign-in/ask-page';
import { confirmPage } from '#http/sign-in/confirm-page';
import { goPage } from '#http/sign-in/go-page';
import { providerWords } from '#http/sign-in/provider-words';
import { refusalPage } from '#http/sign-in/refusal-page';
import { active, AT, roe, waiting } from '#test/slack/app/sample-card';
import { preparedApproval } from '#test/support/sign-in/prepared';
import type { Input } from './input.ts';

/** A page as it is answered, by what it is. */
type Pages = Readonly<Record<string, Response>>;

const LINK = 'A'.repeat(43);
const HANDLE = 'B'.repeat(43);
const PROVIDER = {
  issuer: 'https://accounts.acme.example',
  ssoClient: 'breakglass',
  ownKeyClient: 'breakglass-cli',
  linkBase: 'https://breakglass.example/sign-in/',
};
const SIGNED_IN: VerifiedSignIn = {
  issuer: PROVIDER.issuer,
  subject: '00u1roe',
  email: 'r.roe@acme.example',
  emailVerified: true,
  nonce: null,
  client: PROVIDER.ssoClient,
  issuedAt: AT,
  authenticatedAt: AT,
};
const BINDING = { issuer: PROVIDER.issuer, subject: '00u1roe', email: 'r.roe@acme.example' };
const ASKED: ApproverView = { ...roe, binding: BINDING, mustBeEmail: 'r.roe@acme.example' };
const TRAIN = { gate: 'release-train', gates: ['image-policy', 'deploy-window', 'change-freeze'] };

const prepared = (card: BypassCard, approver = ASKED) =>
  preparedApproval(PROVIDER, { card, approver, ttlMs: HOUR_MS, expiresAt: AT + 10 * MINUTE_MS });

/** Where an approver signs in, from the link in Slack. */
export function signInPages(input: Input): Pages {
  const card = input(waiting({ stepUp: true }));
  const completed = { completed: true, card: input(active()) } as const;
  const one = input(
    waiting({
      requirements: [{ from: 'release', count: 2, have: 1, asked: [], gone: [] }],
    }),
  );
  const drill = input(active({ drill: true }));
  return {
    'sign-in, asked': askPage(LINK, prepared(card), AT),
    'sign-in, for several gates': askPage(
      LINK,
      prepared(
        input(
          waiting({
            ...TRAIN,
            evaluation: true,
            drill: true,
            earlierDenials: [{ by: roe, at: AT, reason: 'Too risky' }],
          }),
        ),
        { ...ASKED, binding: null },
      ),
      AT,
    ),
    'sign-in, for the first time': confirmPage(HANDLE, prepared(card), SIGNED_IN),
    'sign-in, on to the provider': goPage(`${PROVIDER.issuer}/authorize`, 'a=b'),
    'sign-in, approved': approvedPage({ ...completed, activated: true }, AT),
    'sign-in, approved and others are needed': approvedPage(
      { ...completed, activated: false, card: one },
      AT,
    ),
    'sign-in, approved a drill': approvedPage({ ...completed, activated: true, card: drill }, AT),
    ...Object.fromEntries(
      PROVIDER_FAILED.map((code) => [
        `sign-in, ${code}`,
        refusalPage(providerWords(code), code === 'sign-in-not-fresh' ? null : LINK),
      ]),
    ),
  };
}

const PROVIDER_FAILED: readonly ProviderFailureCode[] = [
  'provider-unavailable',
  'sign-in-denied',
  'sign-in-not-fresh',
  'token-nonce',
];

const linkView = (change: Partial<LinkView> = {}): LinkView => {
  const { phase, gate, drill, evaluation, pendingUntilAt, grant, scope } = waiting();
  const { service, environment } = scope;
  const issuer = PROVIDER.issuer;
  const asked = { phase, gate, drill, evaluation, pendingUntilAt, grant };
  return { ...asked, service, environment, issuer, ...change };
};

/** One of each: the compiler asks for those that are missing. */
const LINK_REFUSED: {
  readonly [Code in LinkRefusalReason['code']]: Extract<LinkRefusalReason, { code: Code }>;
} = {
  'link-unknown': { code: 'link-unknown' },
  'link-over': { code: 'link-over' },
  'attempt-over': { code: 'attempt-over' },
  'other-browser': { code: 'other-browser' },
  'too-late': { code: 'too-late', link: LINK },
  'token-unfit': { code: 'token-unfit' },
  'not-bound': { code: 'not-bound' },
  'provider-not-set': { code: 'provider-not-set' },
  'not-decided': {
    code: 'not-decided',
    refusal: { refused: true, code: 'not-an-approver' },
    link: LINK,
  },
};

/** Where somebody who was paged decides without Slack. */
export function decidePages(input: Input): Pages {
  const deciding = { at: 'deciding', card: input(waiting()), name: 'R. Roe', link: LINK } as const;
  const { grant } = active();
  const denied = input(waiting({ phase: 'denied', drill: true }));
  const refused = Object.values(LINK_REFUSED).map((reason) => {
    const { told, link } = linkRefusalWords({ refused: true, ...reason });
    return [`decide, ${reason.code}`, decideRefusalPage(told, link)] as const;
  });
  const over = (['denied', 'withdrawn', 'lapsed', 'closed'] as const).map(
    (phase) => [`decide, ${phase}`, linkPage(LINK, input(linkView({ phase })), AT)] as const,
  );
  return {
    'decide, waiting': linkPage(LINK, input(linkView()), AT),
    'decide, drill of several gates': linkPage(
      LINK,
      input(linkView({ ...TRAIN, drill: true })),
      AT,
    ),
    'decide, active': linkPage(LINK, input(linkView({ phase: 'active', grant })), AT),
    ...Object.fromEntries(over),
    'decide, the request': requestPage(HANDLE, deciding),
    'decide, being judged': judgingPage(HANDLE),
    'decide, one more sign-in': signingPage(LINK),
    'decide, decided': donePage(input(active())),
    'decide, a drill denied': donePage(denied),
    ...Object.fromEntries(refused),
  };
}

const WORKSPACE: NewInstallation = {
  enterprise: null,
  team: 'T0ACME0001',
  name: 'Acme',
  botUser: 'U0BOT00001',
  appId: 'A0ACME0001',
  scopes: [],
  tokens: { access: 'xoxb-none', refresh: null, ttlMs: null },
};

/** Where a workspace is bound to a tenant. */
export function installPages(input: Input): Pages {
  const given = input(WORKSPACE);
  const { name } = input({ name: 'acme' });
  return {
    'install, invited': invitedPage(LINK, name),
    'install, on to Slack': toSlackPage('https://slack.com/oauth/v2/authorize', 'a=b'),
    'install, confirm': confirmInstallPage(HANDLE, name, given),
    'install, confirm an organisation': confirmInstallPage(HANDLE, name, {
      ...given,
      enterprise: 'E0ACME0001',
      team: null,
    }),
    'install, installed': installedPage(name, given),
    ...Object.fromEntries(
      Object.entries(NOT_INSTALLED).map(([code, told]) => [
        `install, ${code}`,
        notInstalledPage(told),
      ]),
    ),
  };
}

export const webPages = (input: Input): Pages => ({
  ...signInPages(input),
  ...decidePages(input),
  ...installPages(input),
});
