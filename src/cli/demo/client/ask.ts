import type { EntryDetail } from '../wire.ts';

/** What the server could not do, in its words. */
export class NotDone extends Error {
  override name = 'NotDone';
}

/** Asks the demo's server to do something. @throws NotDone */
export async function post(path: string, body: object = {}): Promise<void> {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (response.ok) return;
  const said = (await response.json().catch(() => ({}))) as { problem?: string };
  throw new NotDone(said.problem ?? `The demo's server answered ${response.status}.`);
}

export async function entry(index: number): Promise<EntryDetail> {
  const response = await fetch(`/entries/${index}`);
  if (!response.ok) throw new NotDone(`Entry ${index} cannot be read.`);
  return (await response.json()) as EntryDetail;
}
