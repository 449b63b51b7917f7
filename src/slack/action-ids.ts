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
  claim: 'bypass_claim',
  unclaim: 'bypass_unclaim',
  question: 'bypass_question',
  show: 'bypass_show',
  request: 'bypass_request',
} as const;

/** `callback_id`s of the modals. */
export const MODALS = {
  request: 'bypass_request',
  deny: 'bypass_deny',
  revoke: 'bypass_revoke',
  extend: 'bypass_extend',
  complete: 'post_mortem_complete',
  question: 'bypass_question',
} as const;

/** `callback_id`s of the shortcuts, as the manifest has them. */
export const SHORTCUTS = {
  anywhere: 'bypass_ask',
  fromMessage: 'bypass_ask_here',
  mark: 'timeline_mark',
} as const;

export const COMMAND = '/breakglass';
