import type { History, Rule, Violation } from '../history.ts';
import { acknowledgedSurvives } from './acknowledged-survives.ts';
import { approvalsByOtherPeople } from './approvals-by-other-people.ts';
import { atMostOneActivation } from './at-most-one-activation.ts';
import { enforceWithoutDatabase } from './enforce-without-database.ts';
import { exactlyOneClose } from './exactly-one-close.ts';
import { exactlyTheScope } from './exactly-the-scope.ts';
import { gaplessConsistentLog } from './gapless-consistent-log.ts';
import { messagesDelivered } from './messages-delivered.ts';
import { noBypassAfterTheEnd } from './no-bypass-after-the-end.ts';
import { nothingBeforeRetryAfter } from './nothing-before-retry-after.ts';
import { onePostMortemAChain } from './one-post-mortem-a-chain.ts';
import { openByActivationAlone } from './open-by-activation-alone.ts';
import { skewChangesNothing } from './skew-changes-nothing.ts';
import { tenantsApart } from './tenants-apart.ts';

/** What must always hold, by its number. */
export const RULES: readonly Rule[] = [
  atMostOneActivation,
  openByActivationAlone,
  noBypassAfterTheEnd,
  approvalsByOtherPeople,
  exactlyTheScope,
  enforceWithoutDatabase,
  gaplessConsistentLog,
  acknowledgedSurvives,
  messagesDelivered,
  nothingBeforeRetryAfter,
  exactlyOneClose,
  tenantsApart,
  skewChangesNothing,
  onePostMortemAChain,
];

/** Everything in a history that must not have been. */
export const violationsOf = (history: History): readonly Violation[] =>
  RULES.flatMap((rule) => rule(history));
