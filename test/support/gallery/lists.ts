import type { BypassLine, Mine } from '#application/ports/mine';
import type { Standing } from '#domain/policy/look-up';
import { bypassId } from '#domain/ids';
import { HOUR_MS, MINUTE_MS } from '#domain/instant';
import { bypassChoice } from '#slack/cards/bypass-choice';
import { homeView } from '#slack/cards/home-view';
import { listAnswer } from '#slack/cards/list-answer';
import { policyAnswer } from '#slack/cards/policy-answer';
import type { Words } from '#slack/words/words';
import { AT, roe, waiting } from '#test/slack/app/sample-card';
import type { Input } from './input.ts';
import { ALL_LOOSENED, POLICY } from './policy-news.ts';
import { privately, type Shelf, type Shown } from './shown.ts';

const line = ({ reference = 1042, ...change }: Partial<BypassLine> = {}): BypassLine => ({
  bypass: bypassId(`bp_${reference}`),
  reference,
  drill: false,
  phase: 'active',
  gate: 'image-policy',
  scope: waiting().scope,
  requester: roe,
  untilAt: AT + 12 * MINUTE_MS,
  own: true,
  ...change,
});
const listed = <T>(...shown: readonly T[]) => ({ shown, total: shown.length + 3 });
const NONE = { shown: [], total: 0 } as const;

const MINE: Extract<Mine, { kind: 'member' }> = {
  kind: 'member',
  now: AT,
  active: listed(line(), line({ reference: 1043, own: false, drill: true })),
  waiting: listed(line({ phase: 'waiting', reference: 1050, own: true })),
  waitsForMe: listed(line({ phase: 'waiting', reference: 1051, own: false })),
  owed: listed(
    { ...line({ reference: 990 }), dueAt: AT - HOUR_MS },
    { ...line({ reference: 994 }), dueAt: AT + 48 * HOUR_MS },
  ),
  mayAsk: 2,
};

const QUIET: Mine = {
  ...MINE,
  active: NONE,
  waiting: NONE,
  waitsForMe: NONE,
  owed: NONE,
  mayAsk: 0,
};

const outsider = (standing: Exclude<Standing, 'member'>): Mine => ({ kind: 'outsider', standing });

const home = (view: ReturnType<typeof homeView>): Shown => ({ kind: 'home', view });

/** What concerns somebody: their Home, and the answers to `/breakglass list` and its kin. */
export function homes(words: Words, input: Input): Shelf {
  return {
    home: home(homeView(input(MINE), words)),
    'home, quiet': home(homeView(QUIET, words)),
    'home of a guest': home(homeView(outsider('guest'), words)),
    'home of somebody of another company': home(homeView(outsider('foreign'), words)),
  };
}

export function lists(words: Words, input: Input): Shelf {
  const mine = input(MINE);
  return {
    'the policy': privately(policyAnswer(input(POLICY), words)),
    'the policy, after many changes': privately(
      policyAnswer(input({ ...POLICY, changes: ALL_LOOSENED.loosenings }), words),
    ),
    'the policy, its first version': privately(
      policyAnswer({ ...input(POLICY), changes: null }, words),
    ),
    'the policy for a guest': privately(
      policyAnswer({ kind: 'outsider', standing: 'guest' }, words),
    ),
    list: privately(listAnswer(mine, words)),
    'list, with nothing open': privately(listAnswer(QUIET, words)),
    'list for a guest': privately(listAnswer(outsider('guest'), words)),
    ...Object.fromEntries(
      (['status', 'extend', 'close', 'withdraw'] as const).map((act) => [
        `choice, ${act}`,
        privately(bypassChoice(act, mine.active, AT, words)),
      ]),
    ),
  };
}
