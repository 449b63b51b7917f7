import { isTrustedRoot } from '#sigstore/is-trusted-root';
import { parseJsonText } from './json-text.ts';
import { savedCheckpoint } from './saved-checkpoint.ts';

/** What a file is that was given for another, as it stands behind "it is"; where that can be told. */
export function likenessOf(text: string): string | undefined {
  if (text.trim() === '') return 'empty';
  if (/^[^+\s]+\+[0-9a-f]{8}\+\S+\s*$/.test(text)) return 'a log key';
  if (text.startsWith('-----BEGIN ')) return 'a PEM file';
  const [first = ''] = text.split('\n', 1);
  if (first.startsWith('{"format":')) return 'an export';
  if (first.startsWith('{"checkpoint":'))
    return 'a line of an export: save the text of its member "checkpoint"';
  if (savedCheckpoint(text) !== undefined) return 'a checkpoint';
  const json = parseJsonText(text);
  if (json === undefined) return undefined;
  return isTrustedRoot(json) ? 'a trusted root' : 'JSON of something else';
}
