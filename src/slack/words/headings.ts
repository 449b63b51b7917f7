import type { BypassCard } from '#application/ports/card';

/** Titles of cards; the phase is always said in words. */
export const HEADINGS: Readonly<Record<BypassCard['phase'], string>> = {
  waiting: 'Bypass asked',
  active: 'Bypass active',
  closed: 'Bypass closed',
  denied: 'Bypass denied',
  withdrawn: 'Bypass request withdrawn',
  lapsed: 'Bypass request lapsed',
};
export const POST_MORTEM = 'Post-mortem';
