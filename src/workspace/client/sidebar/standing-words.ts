import type { PersonOnScreen } from '../../wire.ts';

/** What somebody is, in a word: `guest`, another company's name, `deactivated`; a member's handle. */
export function standingWords({ standing, team, handle }: PersonOnScreen): string {
  switch (standing) {
    case 'external':
      return team;
    case 'guest':
    case 'deactivated':
      return standing;
    case 'bot':
      return 'app';
    case 'member':
      return `@${handle}`;
  }
}
