/** What a person is told: what happened, and what to do next. Plain text. */
export interface Told {
  readonly title: string;
  readonly text: string;
  readonly status: number;
  /** Trying again from the link may help. */
  readonly again: boolean;
}

export const NOTHING = 'Nothing was approved.';
export const gone = (title: string, text: string): Told => ({
  title,
  text,
  status: 410,
  again: false,
});
export const refused = (title: string, text: string, again = true): Told => ({
  title,
  text: `${NOTHING} ${text}`,
  status: 409,
  again,
});
export const later = (title: string, text: string): Told => ({
  title,
  text: `${NOTHING} ${text}`,
  status: 503,
  again: true,
});

/** A form that another site sent, or a browser that does not say which one did. */
export const CROSS_SITE: Told = {
  title: 'This did not come from our page',
  text: `${NOTHING} Open the link in Slack again, and press the button there.`,
  status: 403,
  again: false,
};

/** The browser that comes back is not the one that began. */
export const OTHER_BROWSER: Told = refused(
  'You came back in another browser',
  'Sign-in must begin and end in the same one, with cookies allowed.',
);

export const NOT_MINE: Told = refused(
  'Nothing was bound',
  'If somebody else sent you the link, tell your security team. If you signed in with the wrong account, begin again with the right one.',
);

/** A fault of ours. It is not known how far it got. */
export const FAULT: Told = {
  title: 'Something went wrong here',
  text: 'Look at the card in Slack whether your approval counts. If it does not, try again; if it goes on, tell those who run this service.',
  status: 500,
  again: true,
};
