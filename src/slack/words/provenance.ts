import type { DeployView } from '#application/ports/card';
import { isMismatch } from '#domain/provenance-result';
import { code } from '../block-kit/text.ts';
import { addressWords } from './address.ts';
import { counted } from './lists.ts';

type Provenance = Pick<DeployView, 'provenance' | 'provenanceUri'>;

/** What was found of a deploy's provenance, and where it stands; nothing where it named none. mrkdwn. */
export function provenanceWords({ provenance, provenanceUri }: Provenance): string {
  if (provenance === undefined) return '';
  const where = provenanceUri === null ? '(the address was erased)' : addressWords(provenanceUri);
  return `${provenance.result === null ? 'Provenance, not looked at yet' : FOUND[provenance.result]}: ${where}`;
}

const FOUND = {
  matches: 'Provenance of this artifact (nobody’s signature was verified)',
  'other-artifact': '*Provenance of another artifact*',
  'other-digest': '*What lies there is not the provenance that was named*',
  'no-artifact': 'Provenance, of what is not known: the deploy named no artifact',
  unreadable: 'No SLSA provenance could be read',
  unreachable: 'Provenance that could not be fetched',
  'not-fetched': 'Provenance, not looked at',
} as const;

/** Of all its deploys, those whose provenance is of something else; nothing where there are none. */
export function mismatchWords(deploys: readonly DeployView[]): string {
  const wrong = deploys.filter(({ provenance }) => {
    return provenance !== undefined && provenance.result !== null && isMismatch(provenance.result);
  });
  if (wrong.length === 0) return '';
  const names = wrong.slice(0, MOST_NAMES).map(({ key }) => code(key, 60));
  const more = wrong.length > MOST_NAMES ? ', …' : '';
  return `:rotating_light: *The provenance of ${counted(wrong.length, 'deploy')} is of something else than was deployed*: ${names.join(', ')}${more}. Find out what was deployed.`;
}

const MOST_NAMES = 5;
