import type { FormChoices } from '../ports/request-forms.ts';
import type { PolicyVersion } from '../ports/policy-version.ts';

const USUAL_SEVERITIES = ['sev1', 'sev2', 'sev3'];

/** What the modal's menus offer under a policy. */
export function choicesOf({ content, directory }: PolicyVersion): FormChoices {
  const named = content.rules.flatMap(({ when }) => when.severity ?? []);
  const offers = content.tiers.flatMap((tier) =>
    tier.ttlOffersMs.filter((ms) => ms <= tier.ttlMaxMs),
  );
  return {
    gates: Object.entries(content.gates).map(([name, { description, gates }]) => ({
      name,
      description,
      ...(gates === undefined ? {} : { gates }),
    })),
    services: Object.entries(content.services).map(([name, { environments }]) => ({
      name,
      environments,
    })),
    severities: [...new Set([...USUAL_SEVERITIES, ...named])],
    ttlsMs: [...new Set(offers)].sort((a, b) => a - b),
    channel: directory.channels.incidents,
  };
}
