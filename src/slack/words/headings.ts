import type { BypassCard } from '#application/ports/card';

const HEADINGS: Readonly<Record<BypassCard['phase'], string>> = {
  waiting: 'Bypass asked',
  active: 'Bypass active',
  closed: 'Bypass closed',
  denied: 'Bypass denied',
  withdrawn: 'Bypass request withdrawn',
  lapsed: 'Bypass request lapsed',
};

/** The title of a card: its phase in words, and of a drill that it is one. */
export function headingOf({ phase, drill }: Pick<BypassCard, 'phase' | 'drill'>): string {
  return drill ? `Drill: ${HEADINGS[phase].toLowerCase()}` : HEADINGS[phase];
}

export const POST_MORTEM = 'Post-mortem';
