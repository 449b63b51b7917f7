type Entry = { readonly [name: string]: unknown };

const isEntry = (value: unknown): value is Entry =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The names of all texts of a catalogue, those of its parts as `HOME.title`. */
export const namesIn = (catalogue: Entry, under = ''): readonly string[] =>
  Object.entries(catalogue).flatMap(([name, said]) => {
    if (isEntry(said)) return namesIn(said, `${under}${name}.`);
    return typeof said === 'string' || typeof said === 'function' ? [`${under}${name}`] : [];
  });

/** The same catalogue, which keeps in `heard` what was taken from it. */
export function overheard<Catalogue extends object>(
  catalogue: Catalogue,
  heard: Set<string>,
  under = '',
): Catalogue {
  return new Proxy(catalogue, {
    get(target, name, receiver): unknown {
      const said: unknown = Reflect.get(target, name, receiver);
      const path = `${under}${String(name)}`;
      if (isEntry(said)) return overheard(said, heard, `${path}.`);
      heard.add(path);
      return said;
    },
  });
}
