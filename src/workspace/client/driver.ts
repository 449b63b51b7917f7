import type { ActRefused, PersonOnScreen, Screen } from '../wire.ts';

/** A refusal of the driver, as a value. */
export type Refused = ActRefused;

/** The screen of a person, or why there is none; never throws. */
export async function fetchScreen(
  as: string,
  signal: AbortSignal,
): Promise<
  { screen: Screen; refused: undefined } | { screen: undefined; refused: Refused } | 'unreachable'
> {
  try {
    const response = await fetch(`/driver/as/${encodeURIComponent(as)}/screen`, { signal });
    if (response.ok) return { screen: (await response.json()) as Screen, refused: undefined };
    return { screen: undefined, refused: (await response.json()) as Refused };
  } catch {
    // Aborted, or the workspace has ended: the feed tells when it is back.
    return 'unreachable';
  }
}

/** Somebody to begin with, where the address names nobody. */
export async function anybody(): Promise<PersonOnScreen['id'] | undefined> {
  const response = await fetch('/driver/people');
  const people = (await response.json()) as { id: string; isBot?: boolean; deleted?: boolean }[];
  return people.find(({ isBot, deleted }) => !isBot && !deleted)?.id;
}

/** Has a person do something. What cannot be done is answered with the driver's refusal. */
export async function act<Answer>(
  as: string,
  what: string,
  body: object = {},
): Promise<Answer | { readonly refused: Refused }> {
  const response = await fetch(`/driver/as/${encodeURIComponent(as)}/${what}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as unknown;
  return response.ok ? (answer as Answer) : { refused: answer as Refused };
}
