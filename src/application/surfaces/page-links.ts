import type { PageLinks, SlackLinks } from '../ports/page-link.ts';
import type { Ports } from '../ports/ports.ts';

/**
 * Links into Slack: to the card of the one approver where there is one, since nobody else could see
 * it; else to each reader's own conversation with the app, where their card is.
 */
export function slackPageLinks({ store }: Pick<Ports, 'store'>, slack: SlackLinks): PageLinks {
  return {
    async linkFor(tenant, bypass) {
      const { surfaces, team } = await store.read(tenant, async (tx) => ({
        surfaces: await tx.surfacesOf(bypass),
        team: (await tx.currentPolicy())?.directory.homeTeam ?? null,
      }));
      const cards = surfaces.filter((one) => one.kind === 'approver');
      const [card] = cards;
      const to = card?.to.kind === 'person' ? card.to.account.team : null;
      if (cards.length === 1 && card !== undefined && card.message !== null && to !== null) {
        const link = await slack.ofMessage(to, card.message);
        if (link !== null) return link;
      }
      return team === null ? null : slack.ofApp(team);
    },
  };
}
