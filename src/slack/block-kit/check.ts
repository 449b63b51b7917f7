import type { HomeView, KnownBlock, ModalView } from '@slack/types';
import { z } from 'zod';
import { LIMITS } from './limits.ts';
import { block, homeBlock, modalBlock } from './schema.ts';

/** A message or view that Slack would refuse. A mistake of ours, or a limit nobody thought of. */
export class BlockKitBroken extends Error {
  override name = 'BlockKitBroken';
  readonly code = 'block-kit-broken';
  /** Where, and what: never the text itself. */
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`Slack would refuse this: ${problems.join('; ')}`);
    this.problems = problems;
  }
}

export interface RenderedMessage {
  /** What notifications and screen readers say; mrkdwn, escaped. */
  readonly text: string;
  readonly blocks: KnownBlock[];
}

const message = z.strictObject({
  text: z.string().min(1).max(LIMITS.messageText),
  blocks: z.array(block).min(1).max(LIMITS.messageBlocks),
});

const title = z.strictObject({
  type: z.literal('plain_text'),
  text: z.string().min(1).max(LIMITS.viewTitle),
  emoji: z.boolean().optional(),
});

const modal = z.strictObject({
  type: z.literal('modal'),
  callback_id: z.string().min(1).max(LIMITS.identifier),
  title,
  submit: title.optional(),
  close: title.optional(),
  private_metadata: z.string().max(LIMITS.privateMetadata).optional(),
  blocks: z.array(modalBlock).min(1).max(LIMITS.viewBlocks),
});

const home = z.strictObject({
  type: z.literal('home'),
  blocks: z.array(homeBlock).min(1).max(LIMITS.viewBlocks),
});

/** Checks a Home against Block Kit's limits. @throws BlockKitBroken. */
export function assertHome(view: HomeView): HomeView {
  refuseIfAny([...problemsOf(home, view), ...repeatedIds(view.blocks), ...tooLarge(view)]);
  return view;
}

/** Checks a message against Block Kit's limits. @throws BlockKitBroken. */
export function assertMessage(rendered: RenderedMessage): RenderedMessage {
  const markdown = rendered.blocks.reduce(
    (sum, one) => sum + (one.type === 'markdown' ? one.text.length : 0),
    0,
  );
  refuseIfAny([
    ...problemsOf(message, rendered),
    ...repeatedIds(rendered.blocks),
    ...(markdown > LIMITS.markdownTotal ? ['markdown blocks together are too long'] : []),
  ]);
  return rendered;
}

/** Checks a modal against Block Kit's limits. @throws BlockKitBroken. */
export function assertView(view: ModalView): ModalView {
  refuseIfAny([
    ...problemsOf(modal, view),
    ...repeatedIds(view.blocks),
    ...(view.submit === undefined && view.blocks.some((one) => one.type === 'input')
      ? ['inputs need a submit button']
      : []),
    ...tooLarge(view),
  ]);
  return view;
}

const tooLarge = (view: ModalView | HomeView): string[] =>
  Buffer.byteLength(JSON.stringify(view)) > LIMITS.viewBytes ? ['the view is too large'] : [];

function problemsOf(schema: z.ZodType, value: unknown): string[] {
  const parsed = schema.safeParse(value);
  if (parsed.success) return [];
  return parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
}

function repeatedIds(blocks: readonly { block_id?: string }[]): string[] {
  const ids = blocks.flatMap(({ block_id }) => (block_id === undefined ? [] : [block_id]));
  return ids.length === new Set(ids).size ? [] : ['a block_id stands twice'];
}

function refuseIfAny(problems: readonly string[]): void {
  if (problems.length > 0) throw new BlockKitBroken(problems);
}
