import { decidingPageLinks } from '#application/links/page-links';
import type { PageLinks, SlackLinks } from '#application/ports/page-link';
import type { Ports } from '#application/ports/ports';
import { slackPageLinks } from '#application/surfaces/page-links';
import { DECIDE_PATH } from '#http/decide/paths';
import type { Stores } from './stores.ts';

/** Where pages lead: to a page on which approvers decide, or, where nobody can sign in, into Slack. */
export function pageLinksOf(
  ports: Ports,
  { pageLinkStore }: Pick<Stores, 'pageLinkStore'>,
  slack: SlackLinks,
): PageLinks {
  const { signIn } = ports;
  if (signIn === null) return slackPageLinks(ports, slack);
  const base = new URL(`..${DECIDE_PATH}/`, signIn.provider.linkBase).href;
  return decidingPageLinks({ ...ports, pageLinkStore }, base);
}
