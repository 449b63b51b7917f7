const TOKENS =
  /<#(?<channel>[A-Z0-9]+)(?:\|[^>]*)?>|<@[A-Z0-9]+\|(?<person>[^>]+)>|<(?<link>(?:https?|mailto):[^|>]+)(?:\|[^>]*)?>|&(?<entity>lt|gt|amp);/g;
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&' };

/**
 * A command's text as it was typed: with `should_escape` Slack sends links and channels as tokens
 * (`<https://…|label>`, `<#C1|name>`) and `& < >` as entities. A channel stays `<#C1>`.
 */
export function unescapeSlack(text: string): string {
  return text.replace(TOKENS, (...found: unknown[]) => {
    const { channel, person, link, entity } = found.at(-1) as Record<string, string | undefined>;
    if (channel !== undefined) return `<#${channel}>`;
    if (person !== undefined) return `@${person}`;
    return link?.replaceAll('&amp;', '&') ?? ENTITIES[entity ?? ''] ?? '';
  });
}
