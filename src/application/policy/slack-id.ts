import type { Account } from '../ports/account.ts';

/** `U11` in the home team, or `T02/U31`. The text has matched `SLACK_ID`. */
export function accountOf(text: string, homeTeam: string): Account {
  const { team, id } = splitSlackId(text, homeTeam);
  return { team, user: id };
}

export function splitSlackId(text: string, homeTeam: string): { team: string; id: string } {
  const slash = text.indexOf('/');
  if (slash < 0) return { team: homeTeam, id: text };
  return { team: text.slice(0, slash), id: text.slice(slash + 1) };
}
