/** Stands for nobody's mailbox (RFC 2606 §2): given to those whose address nobody knew. */
export const ASSIGNED_DOMAIN = '@slack.invalid';

/** Whether mail can reach an address that somebody was enrolled with. */
export const isMailbox = (address: string): boolean =>
  !address.toLowerCase().endsWith(ASSIGNED_DOMAIN);
