import type { Standing } from '#domain/policy/look-up';

/** Why an account may only look on. */
export function standingWords(standing: Exclude<Standing, 'member'>): string {
  switch (standing) {
    case 'guest':
      return 'Guests of this workspace cannot decide or ask.';
    case 'deactivated':
      return 'This account was deactivated.';
    case 'bot':
      return 'Apps and bots cannot decide or ask.';
    case 'foreign':
      return 'You act from another organisation, whose members cannot decide or ask here.';
    case 'unknown':
      return 'Slack does not know this account as a member of this workspace.';
  }
}
