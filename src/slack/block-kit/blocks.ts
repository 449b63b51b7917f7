import type {
  ActionsBlock,
  Button,
  ContextBlock,
  HeaderBlock,
  KnownBlock,
  PlainTextOption,
  SectionBlock,
} from '@slack/types';
import { LIMITS } from './limits.ts';
import { mrkdwn, plain } from './text.ts';

/** The few shapes that cards and modals are made of. */
export const heading = (text: string): HeaderBlock => ({
  type: 'header',
  text: plain(text, LIMITS.headerText),
});

/** A sentence of ours; names in it are escaped already. */
export const sentence = (text: string): SectionBlock => ({ type: 'section', text: mrkdwn(text) });

/** What a person typed, as plain text: nothing in it can format, mention or link. */
export const typed = (text: string, max: number = LIMITS.sectionText): SectionBlock => ({
  type: 'section',
  text: plain(text, max),
});

export const small = (...texts: readonly string[]): ContextBlock => ({
  type: 'context',
  elements: texts.slice(0, LIMITS.contextElements).map((text) => mrkdwn(text)),
});

/** Blocks under a condition, for use with a spread. */
export const when = (condition: boolean, ...blocks: KnownBlock[]): KnownBlock[] =>
  condition ? blocks : [];

export const row = (block_id: string, elements: ActionsBlock['elements']): ActionsBlock => ({
  type: 'actions',
  block_id,
  elements,
});

interface ButtonWords {
  readonly action: string;
  /** Opaque: what it names is resolved and authorised when it comes back. */
  readonly value: string;
  readonly text: string;
  readonly style?: 'primary' | 'danger';
  readonly confirm?: {
    readonly title: string;
    readonly text: string;
    readonly yes: string;
    readonly no: string;
  };
}

export function button({ action, value, text, style, confirm }: ButtonWords): Button {
  return {
    type: 'button',
    action_id: action,
    value,
    text: plain(text, LIMITS.buttonText),
    ...(style && { style }),
    ...(confirm && {
      confirm: {
        title: plain(confirm.title, LIMITS.confirmTitle),
        text: plain(confirm.text, LIMITS.confirmText),
        confirm: plain(confirm.yes, LIMITS.confirmButton),
        deny: plain(confirm.no, LIMITS.confirmButton),
      },
    }),
  };
}

/** Opens an address in the browser. Slack tells us of the press all the same, and wants an answer. */
export const linkButton = (words: {
  readonly action: string;
  readonly url: string;
  readonly text: string;
}): Button => ({
  type: 'button',
  action_id: words.action,
  url: words.url,
  text: plain(words.text, LIMITS.buttonText),
  style: 'primary',
});

export const option = (text: string, value: string): PlainTextOption => ({
  text: plain(text, LIMITS.optionText),
  value,
});
