/**
 * Whether distinct people can fill every place: tries each person for the first place, then the
 * rest for the rest. Exponential, and plainly right.
 */
export function canFill<P>(
  places: readonly (readonly P[])[],
  people: readonly P[],
  taken: readonly P[] = [],
): boolean {
  const [place, ...rest] = places;
  if (place === undefined) return true;
  return people.some(
    (person) =>
      !taken.includes(person) &&
      place.includes(person) &&
      canFill(rest, people, [...taken, person]),
  );
}
