/** What stands on buttons and in their dialogs. */
export const BUTTONS = {
  approve: 'Approve',
  deny: 'Deny…',
  withdraw: 'Withdraw',
  close: 'Close now',
  revoke: 'Revoke…',
  extend: 'Extend…',
  complete: 'Complete…',
  signIn: 'Sign in to approve',
  claim: 'Looking at it',
  unclaim: 'Not looking any more',
  question: 'Ask a question…',
  request: 'Ask for a bypass…',
} as const;

/** A button behind one line of a list: it says by itself which bypass it is about. */
export const choiceLabel = (act: keyof typeof ACTS, reference: number): string =>
  `${ACTS[act]} ${reference}`;

const ACTS = {
  extend: 'Extend',
  close: 'Close',
  withdraw: 'Withdraw',
  show: 'Show',
  complete: 'Complete',
} as const;

export const CLOSE_DIALOG = {
  title: 'Close the bypass?',
  text: 'The gate enforces again at once, unless another bypass covers the same. Deploys in flight are handled as the policy says. To open it again, ask anew.',
  yes: 'Close now',
  no: 'Keep it open',
} as const;

export const WITHDRAW_DIALOG = {
  title: 'Withdraw the request?',
  text: 'Nobody can approve it after that. You can ask anew.',
  yes: 'Withdraw',
  no: 'Keep asking',
} as const;
