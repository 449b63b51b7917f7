import { isTrustedRoot } from '#sigstore/is-trusted-root';
import { parseJsonText } from './json-text.ts';
import { likenessOf } from './likeness.ts';
import type { Problem } from './problem.ts';

/** For whoever holds the wrong file: what the right one is, and where it comes from. */
const WHAT_IT_IS =
  'A trusted root is JSON of the media type application/vnd.dev.sigstore.trustedroot. Under the embedded ' +
  'authority it is trusted-root.json in the data folder of the service; under a Sigstore of your own, ' +
  'what "breakglass sigstore trusted-root --out" wrote. Get it from whoever keeps the pins, and not ' +
  'with the export.';

/** The text of a file as a Sigstore trusted root (JSON); a problem says what the file is instead. */
export function trustedRootIn(text: string, file: string): { readonly root: unknown } | Problem {
  const root = parseJsonText(text);
  if (isTrustedRoot(root)) return { root };
  const likeness = likenessOf(text) ?? 'no JSON';
  return { problem: `${file} is no Sigstore trusted root; it is ${likeness}. ${WHAT_IT_IS}` };
}
