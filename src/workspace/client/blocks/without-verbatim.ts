import type { BlockOnScreen } from '../../wire.ts';

/**
 * Slack's `verbatim` stops it from making links of bare names and addresses, and nothing else; the
 * renderer takes it for text without any markup, and makes no such links anyway.
 *
 * @see https://docs.slack.dev/reference/block-kit/composition-objects/text-object
 */
export function withoutVerbatim(blocks: readonly BlockOnScreen[]): BlockOnScreen[] {
  const json = JSON.stringify(blocks, (key, value: unknown) =>
    key === 'verbatim' ? undefined : value,
  );
  return JSON.parse(json) as BlockOnScreen[];
}
