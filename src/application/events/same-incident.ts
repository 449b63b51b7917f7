/**
 * Whether what a requester typed names the incident that a tool speaks of: the same but for case and
 * the spaces around it, or an address whose last part is the tool's id.
 */
export function isSameIncident(typed: string, name: string): boolean {
  const [a, b] = [plain(typed), plain(name)];
  if (a === '' || b === '') return false;
  return a === b || lastPart(a) === b;
}

const plain = (text: string): string => text.normalize('NFC').trim().toLowerCase();

/** Of the path of an http address; nothing for any other text. */
function lastPart(text: string): string | undefined {
  const path = /^https?:\/\/[^/?#]+\/([^?#]*)/.exec(text)?.[1];
  return path?.replace(/\/+$/, '').split('/').at(-1);
}
