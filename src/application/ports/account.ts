/** A Slack account: one way that a person reaches us. Never an identity by itself. */
export interface Account {
  readonly team: string;
  readonly user: string;
}

export const accountKey = ({ team, user }: Account): string => `${team}/${user}`;
