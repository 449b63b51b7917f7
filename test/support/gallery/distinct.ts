import type { Shelf, Shown } from './shown.ts';

/** Whatever a person sees of it. */
function looks(shown: Shown): string {
  switch (shown.kind) {
    case 'message':
      return JSON.stringify([shown.audience, shown.message.blocks]);
    case 'answer':
      return shown.text;
    case 'modal':
      return JSON.stringify([shown.view, shown.errors]);
    case 'home':
      return JSON.stringify(shown.view);
  }
}

/** The same without what looks like something before it, which is named by all it stands for. */
export function distinct(all: Shelf): Shelf {
  const names = new Map<string, string[]>();
  for (const [name, shown] of Object.entries(all)) {
    const look = looks(shown);
    names.set(look, [...(names.get(look) ?? []), name]);
  }
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, shown]) => {
      const [first, ...others] = names.get(looks(shown)) ?? [];
      return first === name ? [[[first, ...others].join(' · '), shown] as const] : [];
    }),
  );
}
