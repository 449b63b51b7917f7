import type { PersonOnScreen } from '../wire.ts';

/** Each dark enough for white letters (WCAG 2.2, 1.4.3). */
const COLOURS = [
  '#1b6e8c',
  '#7a3e9d',
  '#a2442f',
  '#2f6b3c',
  '#8a5a00',
  '#9d2b5e',
  '#3d55a8',
  '#4d6a12',
];

/** A square with somebody's initials: the workspace keeps no pictures. */
export function Avatar({
  person,
  size,
}: {
  person: PersonOnScreen;
  size: 'small' | 'medium' | 'large';
}) {
  const isBot = person.standing === 'bot';
  const style = { background: isBot ? '#5a3fc0' : colourOf(person.id) };
  return (
    <span className={`avatar avatar-${size}`} style={style} aria-hidden="true">
      {initials(person.name)}
    </span>
  );
}

function initials(name: string): string {
  const words = name.split(/[\s.-]+/).filter((word) => word !== '');
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined];
  return letters.map((word) => word?.[0]?.toUpperCase() ?? '').join('');
}

function colourOf(id: string): string {
  const sum = Array.from(id).reduce(
    (total, letter) => (total * 31 + (letter.codePointAt(0) ?? 0)) % 9973,
    7,
  );
  return COLOURS[sum % COLOURS.length] ?? '#1b6e8c';
}
