import * as address from './address.ts';
import * as alarms from './alarms.ts';
import * as announcements from './announcements.ts';
import * as answers from './answers.ts';
import * as approvers from './approvers.ts';
import * as buttons from './buttons.ts';
import * as cards from './cards.ts';
import * as deploys from './deploys.ts';
import * as digests from './digests.ts';
import { durationWords } from './durations.ts';
import * as gates from './gates.ts';
import * as headings from './headings.ts';
import * as home from './home.ts';
import * as lines from './lines.ts';
import * as mistakes from './mistakes.ts';
import * as modal from './modal.ts';
import * as notes from './notes.ts';
import * as notifications from './notifications.ts';
import * as policies from './policies.ts';
import * as provenance from './provenance.ts';
import * as requirements from './requirements.ts';
import * as reviews from './reviews.ts';
import * as routing from './routing.ts';
import * as scope from './scope.ts';
import * as standings from './standings.ts';
import * as threads from './threads.ts';

/**
 * Everything that this app says to people in Slack, in English. Whatever renders is handed a
 * catalogue and says nothing that stands in none.
 */
export const en = {
  ...address,
  ...alarms,
  ...announcements,
  ...answers,
  ...approvers,
  ...buttons,
  ...cards,
  ...deploys,
  ...digests,
  durationWords,
  ...gates,
  ...headings,
  ...home,
  ...lines,
  ...mistakes,
  ...modal,
  ...notes,
  ...notifications,
  ...policies,
  ...provenance,
  ...requirements,
  ...reviews,
  ...routing,
  ...scope,
  ...standings,
  ...threads,
};

/** The same in any language: other texts, from the same facts. */
export type Words = Said<typeof en>;

type Said<T> = T extends string
  ? string
  : T extends (...facts: never[]) => unknown
    ? T
    : { readonly [Part in keyof T]: Said<T[Part]> };
