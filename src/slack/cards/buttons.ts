import type { Button } from '@slack/types';
import type { BypassCard } from '#application/ports/card';
import { ACTIONS } from '../action-ids.ts';
import { button, linkButton } from '../block-kit/blocks.ts';
import type { Words } from '../words/words.ts';

export const withdrawButton = ({ bypass }: BypassCard, words: Words): Button =>
  button({
    action: ACTIONS.withdraw,
    value: bypass,
    text: words.BUTTONS.withdraw,
    confirm: words.WITHDRAW_DIALOG,
  });

export const closeButton = ({ bypass }: BypassCard, words: Words): Button =>
  button({
    action: ACTIONS.close,
    value: bypass,
    text: words.BUTTONS.close,
    confirm: words.CLOSE_DIALOG,
  });

export const extendButton = ({ bypass }: BypassCard, words: Words): Button =>
  button({ action: ACTIONS.extend, value: bypass, text: words.BUTTONS.extend });

export const revokeButton = ({ bypass }: BypassCard, words: Words): Button =>
  button({ action: ACTIONS.revoke, value: bypass, text: words.BUTTONS.revoke, style: 'danger' });

export const approveButton = ({ bypass }: BypassCard, words: Words): Button =>
  button({ action: ACTIONS.approve, value: bypass, text: words.BUTTONS.approve, style: 'primary' });

export const denyButton = ({ bypass }: BypassCard, words: Words): Button =>
  button({ action: ACTIONS.deny, value: bypass, text: words.BUTTONS.deny, style: 'danger' });

export const signInButton = (url: string, words: Words): Button =>
  linkButton({ action: ACTIONS.signIn, url, text: words.BUTTONS.signIn });

/** Whether the viewer looks at it already decides which of the two is offered. */
export const claimButton = ({ bypass }: BypassCard, on: boolean, words: Words): Button =>
  button({
    action: on ? ACTIONS.unclaim : ACTIONS.claim,
    value: bypass,
    text: on ? words.BUTTONS.unclaim : words.BUTTONS.claim,
  });

export const questionButton = ({ bypass }: BypassCard, words: Words): Button =>
  button({ action: ACTIONS.question, value: bypass, text: words.BUTTONS.question });
