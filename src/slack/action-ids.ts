/** What buttons and inputs are called in payloads. Messages that stand keep the old names: never rename one. */
export const ACTIONS = {
  ttl: 'bypass_ttl',
  approve: 'bypass_approve',
  deny: 'bypass_deny',
  withdraw: 'bypass_withdraw',
  close: 'bypass_close',
  revoke: 'bypass_revoke',
  extend: 'bypass_extend',
  complete: 'post_mortem_complete',
  signIn: 'sign_in',
} as const;

/** `callback_id`s of the modals. */
export const MODALS = {
  request: 'bypass_request',
  deny: 'bypass_deny',
  revoke: 'bypass_revoke',
  extend: 'bypass_extend',
  complete: 'post_mortem_complete',
} as const;

export const COMMAND = '/breakglass';
