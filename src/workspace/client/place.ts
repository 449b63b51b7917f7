/** Where a window stands: who looks, at what, and what they are about to say. */
export interface Place {
  /** A user id; undefined until somebody is chosen. */
  readonly as: string | undefined;
  /** A conversation id, or `home` for the app's Home tab; undefined for none. */
  readonly channel: string | undefined;
  /** What stands in the composer. */
  readonly compose: string;
}

/** Reads a place from the part of an address after `?`. */
export function placeOf(search: string): Place {
  const query = new URLSearchParams(search);
  return {
    as: query.get('as') ?? undefined,
    channel: query.get('channel') ?? undefined,
    compose: query.get('compose') ?? '',
  };
}

/** The address of a place, so that a reload or a second window is there too. */
export function searchOf({ as, channel, compose }: Place): string {
  const query = new URLSearchParams();
  if (as !== undefined) query.set('as', as);
  if (channel !== undefined) query.set('channel', channel);
  if (compose !== '') query.set('compose', compose);
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

/** What an embedding page asks for: it may name some of a place. Undefined if it asks nothing. */
export function steered(place: Place, data: unknown): Partial<Place> | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const asked = data as { [field: string]: unknown };
  if (asked['type'] !== 'workspace:show') return undefined;
  const text = (name: string): string | undefined =>
    typeof asked[name] === 'string' ? asked[name] : undefined;
  const as = text('as') ?? place.as;
  const compose = text('compose');
  return {
    as,
    // Another person need not see the conversation that was open.
    channel: text('channel') ?? (as === place.as ? place.channel : undefined),
    ...(compose !== undefined && { compose }),
  };
}

/** A place, and what was left unsent elsewhere. */
export interface PlaceAndDrafts {
  readonly place: Place;
  readonly drafts: ReadonlyMap<string, string>;
}

/** Goes somewhere: what stood in the composer is kept, and what was left there comes back. */
export function moved({ place, drafts }: PlaceAndDrafts, change: Partial<Place>): PlaceAndDrafts {
  const next = { ...place, ...change };
  if (keyOf(next) === keyOf(place)) return { place: next, drafts };
  const kept = new Map(drafts).set(keyOf(place), place.compose);
  const compose = change.compose ?? kept.get(keyOf(next)) ?? '';
  return { place: { ...next, compose }, drafts: kept };
}

const keyOf = ({ as, channel }: Place): string => `${as}/${channel}`;
