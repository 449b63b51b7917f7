import { refusalPage } from './refusal-page.ts';
import { NOTHING } from './refusal-words.ts';

/** The answer to what came too often (RFC 6585 §4). */
export function tooOften(waitMs: number, link: string | null): Response {
  const seconds = Math.max(1, Math.ceil(waitMs / 1_000));
  const told = {
    title: 'That was too often',
    text: `${NOTHING} Wait ${seconds} ${seconds === 1 ? 'second' : 'seconds'}, then try again.`,
    status: 429,
    again: true,
  };
  const page = refusalPage(told, link);
  page.headers.set('retry-after', String(seconds));
  return page;
}
