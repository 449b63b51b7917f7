type Lines = readonly string[];

/** A file that is not, or not any more, an export; `line` counts from 1. */
export interface Unreadable {
  readonly name: string;
  readonly apply: (lines: Lines) => Lines;
  readonly line: number;
  readonly words: string;
}

const AT = 20;
const replaced = (to: (line: string) => string) => (lines: Lines) =>
  lines.with(AT, to(lines[AT] ?? ''));

/** Lines broken off, doubled, in another order or with more in them than an export has. */
export const UNREADABLE: readonly Unreadable[] = [
  {
    name: 'an empty file',
    apply: () => [],
    line: 1,
    words: 'the file is empty. Copy it anew',
  },
  {
    name: 'a gzip file',
    apply: () => ['\u001F\uFFFD\b\u0000\uFFFDV'],
    line: 1,
    words: 'the file is compressed. Unpack it first (gunzip',
  },
  {
    name: 'a byte order mark before the header',
    apply: (lines) => lines.with(0, `\uFEFF${lines[0] ?? ''}`),
    line: 1,
    words: 'the file starts with a byte order mark (U+FEFF), which no export has. A program put',
  },
  {
    name: 'UTF-16',
    apply: (lines) => lines.map((line) => `\uFFFD\uFFFD${line.replaceAll(/./gsu, '$&\u0000')}`),
    line: 1,
    words: 'the file is UTF-16; an export is UTF-8. A program wrote it so',
  },
  {
    name: 'a blank line',
    apply: (lines) => lines.toSpliced(AT, 0, ''),
    line: AT + 1,
    words: 'it is blank, and an export has no blank line. Somebody or something changed the file',
  },
  {
    name: 'a blank line at the end',
    apply: (lines) => [...lines, ''],
    line: 94,
    words: 'it is blank, and an export has no blank line',
  },
  {
    name: 'a line that breaks off',
    apply: replaced((line) => line.slice(0, -9)),
    line: AT + 1,
    words: 'it is not JSON',
  },
  {
    name: 'a line of another kind',
    apply: replaced(() => '{"comment":"approved by phone"}'),
    line: AT + 1,
    words: 'it is neither a header nor a policy',
  },
  {
    name: 'a member more in an entry',
    apply: replaced((line) => line.replace('{"entry":{', '{"entry":{"approved":true,')),
    line: AT + 1,
    words: 'it has a wrong form at $.entry.approved',
  },
  {
    name: 'another format',
    apply: (lines) => lines.with(0, '{"format":"breakglass-export/v3"}'),
    line: 1,
    words: 'it is of another format',
  },
  {
    name: 'a second header',
    apply: (lines) => lines.toSpliced(AT, 0, lines[0] ?? ''),
    line: AT + 1,
    words: 'it does not belong where it stands',
  },
  {
    name: 'a policy among the entries',
    apply: (lines) => lines.toSpliced(AT, 0, lines[1] ?? ''),
    line: AT + 1,
    words: 'it does not belong where it stands',
  },
  {
    name: 'no checkpoint',
    apply: (lines) => lines.slice(0, -1),
    line: 93,
    words: 'the export ends without its checkpoint',
  },
  {
    name: 'entries behind the checkpoint',
    apply: (lines) => [...lines, lines[AT] ?? ''],
    line: 95,
    words: 'the export ends without its checkpoint',
  },
  {
    name: 'two checkpoints at one place',
    apply: (lines) => [...lines, lines.at(-1) ?? ''],
    line: 94,
    words: 'it does not belong where it stands',
  },
  {
    name: 'a checkpoint between entries, in the format that has none there',
    apply: (lines) => [
      (lines[0] ?? '').replace('export/v2', 'export/v1'),
      ...lines.slice(1, AT),
      lines.at(-1) ?? '',
      ...lines.slice(AT),
    ],
    line: AT + 2,
    words: 'it does not belong where it stands',
  },
];
