import type { Rule } from '../history.ts';
import { seen } from '../reading.ts';

/**
 * Rule 6: with the database slow or gone the answer is `enforce`, within the client's timeout.
 * Reads: answers, each with the state of the database while it was asked and whether it was heard
 * before the client gave up.
 */
export const enforceWithoutDatabase: Rule = (history) =>
  seen(history, 'answered')
    .filter((one) => one.database !== 'up')
    .flatMap(({ tenant, decision, inTime, database }) => [
      ...(decision === 'enforce'
        ? []
        : [{ rule: 6, tenant, what: `bypass with a database that is ${database}` }]),
      ...(inTime
        ? []
        : [{ rule: 6, tenant, what: `no answer in time with a database that is ${database}` }]),
    ]);
