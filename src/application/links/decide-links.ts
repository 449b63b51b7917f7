import { refuseLink, type DecideLinks } from '../ports/decide-links.ts';
import { comeByLink } from './come-by-link.ts';
import { decideByLink } from './decide-by-link.ts';
import type { DecidePorts } from './decide-ports.ts';
import { findLink } from './find-link.ts';

/** Deciding without Slack, of every tenant. */
export function decideLinks(ports: DecidePorts): DecideLinks {
  return {
    async show(link) {
      if (ports.signIn === null) return refuseLink({ code: 'provider-not-set' });
      const found = await findLink(ports, link);
      if ('refused' in found) return found;
      const { phase, gate, gates, drill, evaluation, pendingUntilAt, grant, scope } = found.card;
      const { service, environment } = scope;
      const several = gates === undefined ? {} : { gates };
      const { issuer } = ports.signIn.provider;
      const view = { phase, gate, ...several, drill, evaluation, pendingUntilAt, grant };
      return { ...view, service, environment, issuer };
    },
    ...comeByLink(ports),
    ...decideByLink(ports),
  };
}
