/** What a transaction has written so far, as far as failpoints tell it apart. */
export type Wrote =
  | 'approving press'
  | 'request.opened'
  | 'approval.given'
  | 'deploy.annotated'
  | 'bypass.closed'
  | 'gate.read-back'
  | 'person.bound'
  | 'provider.keys'
  | 'key.rotated'
  | 'prepared approval'
  | 'gate delivery'
  | 'claim'
  | 'question'
  | 'posted question'
  | 'claimed surface'
  | 'shown surface';

/** Where a process can be made to die. */
export type Step =
  | { readonly at: 'before COMMIT' | 'after COMMIT' | 'before the write'; readonly of: Wrote }
  | { readonly at: 'before a job is done'; readonly of: 'press' | 'page' | 'gate-delivery' }
  | { readonly at: 'after the ack' }
  | { readonly at: 'before signing' }
  | { readonly at: 'after signing' };

/** The variable that names the file with the step, as JSON. */
export const FAILPOINT_FILE = 'BREAKGLASS_TEST_FAILPOINT_FILE';
/** Set for a command that takes no signal: it is armed from its first statement on. */
export const ARMED_AT_START = 'BREAKGLASS_TEST_FAILPOINT_ARMED';
/** What the process logs once it is armed. */
export const ARMED = 'armed to die';
