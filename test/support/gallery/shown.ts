import type { HomeView, ModalView } from '@slack/types';
import type { BypassCard } from '#application/ports/card';
import type { RenderedMessage } from '#slack/block-kit/check';

/** Who sees a message: a channel or one person in their direct messages, or one person in passing. */
export type Audience = 'kept' | 'private';

/** Something that the product shows, drawn by its own view functions. */
export type Shown =
  | {
      readonly kind: 'message';
      readonly message: RenderedMessage;
      readonly audience: Audience;
      /** What it is about; `null` where it is about no bypass. */
      readonly card: BypassCard | null;
    }
  /** A private answer without blocks; mrkdwn. */
  | { readonly kind: 'answer'; readonly text: string }
  | {
      readonly kind: 'modal';
      readonly view: ModalView;
      /** What stands under its fields once it was sent, by block id. */
      readonly errors?: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'home'; readonly view: HomeView };

/** By a name that says what is shown, and no more: it stands over its picture. */
export type Shelf = Readonly<Record<string, Shown>>;

export const kept = (message: RenderedMessage, card: BypassCard | null = null): Shown => ({
  kind: 'message',
  message,
  audience: 'kept',
  card,
});

export const privately = (message: RenderedMessage, card: BypassCard | null = null): Shown => ({
  kind: 'message',
  message,
  audience: 'private',
  card,
});

export const answer = (text: string): Shown => ({ kind: 'answer', text });

/** A shelf of what is drawn from models, each under its own name. */
export const shelf = <Model>(
  models: Readonly<Record<string, Model>>,
  draw: (model: Model) => Shown,
): Shelf => Object.fromEntries(Object.entries(models).map(([name, model]) => [name, draw(model)]));
