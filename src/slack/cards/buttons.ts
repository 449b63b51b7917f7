import type { Button } from '@slack/types';
import type { BypassCard } from '#application/ports/card';
import { ACTIONS } from '../action-ids.ts';
import { button, linkButton } from '../block-kit/blocks.ts';
import { BUTTONS, CLOSE_DIALOG, WITHDRAW_DIALOG } from '../words/buttons.ts';

export const withdrawButton = ({ bypass }: BypassCard): Button =>
  button({
    action: ACTIONS.withdraw,
    value: bypass,
    text: BUTTONS.withdraw,
    confirm: WITHDRAW_DIALOG,
  });

export const closeButton = ({ bypass }: BypassCard): Button =>
  button({ action: ACTIONS.close, value: bypass, text: BUTTONS.close, confirm: CLOSE_DIALOG });

export const extendButton = ({ bypass }: BypassCard): Button =>
  button({ action: ACTIONS.extend, value: bypass, text: BUTTONS.extend });

export const revokeButton = ({ bypass }: BypassCard): Button =>
  button({ action: ACTIONS.revoke, value: bypass, text: BUTTONS.revoke, style: 'danger' });

export const approveButton = ({ bypass }: BypassCard): Button =>
  button({ action: ACTIONS.approve, value: bypass, text: BUTTONS.approve, style: 'primary' });

export const denyButton = ({ bypass }: BypassCard): Button =>
  button({ action: ACTIONS.deny, value: bypass, text: BUTTONS.deny, style: 'danger' });

export const signInButton = (url: string): Button =>
  linkButton({ action: ACTIONS.signIn, url, text: BUTTONS.signIn });
