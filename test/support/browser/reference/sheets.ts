import type { Browser } from 'playwright-core';
import { en } from '#slack/words/words';
import { distinct } from '#test/support/gallery/distinct';
import { gallery, onShelf, type Topic } from '#test/support/gallery/gallery';
import { hostile, long, typical, type Input } from '#test/support/gallery/input';
import { decidePages, installPages, signInPages } from '#test/support/gallery/web-pages';
import type { Shot } from './contact-sheet.ts';
import { takeShots, type Device } from './take-shots.ts';
import { takeWebPages } from './take-web-pages.ts';

/** One picture a device: what is on it, and how it is taken. */
export interface Sheet {
  readonly title: string;
  take(browser: Browser, device: Device): Promise<readonly Shot[]>;
}

const DISTINCT = distinct(gallery());

/** What looks like something on an earlier sheet stands there. */
const ofTopics = (title: string, ...topics: readonly Topic[]): Sheet => ({
  title,
  take(browser, device) {
    const own = new Set(topics.flatMap((topic) => Object.keys(onShelf(topic))));
    const shown = Object.entries(DISTINCT).filter(([names]) =>
      own.has(names.split(' · ')[0] ?? ''),
    );
    return takeShots(browser, device, Object.fromEntries(shown));
  },
});

/** What shows best how a view bears input that nobody planned for. */
const STRAINED = [
  'approver’s card, looked at, asked about, beside another',
  'incident card, active, with provenance',
  'note, sign-in',
  'choice, close',
  'request form, filled in',
  'home',
];

const STRAINS: Readonly<Record<string, Input>> = { long, hostile };

const strained = (title: string): Sheet => ({
  title,
  take(browser, device) {
    const shown = Object.entries(STRAINS).flatMap(([strain, input]) => {
      const all = gallery(en, input);
      return STRAINED.flatMap((name) => {
        const one = all[name];
        return one === undefined ? [] : [[`${strain}: ${name}`, one] as const];
      });
    });
    return takeShots(browser, device, Object.fromEntries(shown));
  },
});

const ofPages = (
  title: string,
  pages: (input: Input) => Readonly<Record<string, Response>>,
): Sheet => ({ title, take: (browser, device) => takeWebPages(browser, device, pages(typical)) });

/** By the name of their files. */
export const SHEETS: Readonly<Record<string, Sheet>> = {
  'request-form': ofTopics('The form of /breakglass', 'request-form'),
  'button-forms': ofTopics(
    'Forms behind buttons, and what is shown to be read',
    'forms-behind-buttons',
  ),
  waiting: ofTopics('Cards in the incident channel while a request waits', 'cards-that-wait'),
  asking: ofTopics('Direct messages to an approver', 'cards-that-ask'),
  open: ofTopics('Cards while a bypass is open', 'cards-that-are-open'),
  over: ofTopics('Cards of what is over', 'cards-that-are-over', 'cards-left-behind', 'reviews'),
  requester: ofTopics('Direct messages to whoever asked', 'cards-of-the-requester'),
  notes: ofTopics('Messages that are said once', 'notes'),
  refusals: ofTopics('Why a press changed nothing', 'refusals'),
  'home-and-answers': ofTopics(
    'The Home tab, and answers to what was typed',
    'homes',
    'lists',
    'answers',
  ),
  announcements: ofTopics('Alarms and checkpoints', 'announcements'),
  'sign-in': ofPages('Pages of the sign-in', signInPages),
  decide: ofPages('Pages for deciding without Slack', decidePages),
  install: ofPages('Pages of an installation', installPages),
  strained: strained('Long and hostile input'),
};
