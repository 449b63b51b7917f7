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
