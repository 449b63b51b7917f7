import type { Rule, TenantRecord } from '../history.ts';
import { entriesOf, inEach } from '../reading.ts';

/**
 * Rule 14: every chain's last close opens exactly one post-mortem, and it is chased until done;
 * drills aside.
 * Reads: the log's closes and post-mortems, the bypasses of each chain, the deadlines that stand.
 */
export const onePostMortemAChain: Rule = (history) =>
  inEach(14, history, (record) => {
    const chains = [...new Set(record.bypasses.map((one) => one.chain))];
    return chains.flatMap((chain) => faultsOf(record, chain));
  });

function faultsOf(record: TenantRecord, chain: string): readonly string[] {
  const bypasses = record.bypasses.filter((one) => one.chain === chain);
  const reviews = entriesOf(record, 'post-mortem.opened').filter(
    ({ event }) => event.chain === chain,
  );
  const wasActive = bypasses.some((one) => one.phase === 'active' || one.phase === 'closed');
  const isOpen = bypasses.some((one) => one.phase === 'active' || one.phase === 'waiting');
  const isDrill = bypasses.some((one) => one.drill);
  const due = wasActive && !isDrill && !isOpen;
  if (reviews.length > 1) return [`${chain} has ${reviews.length} post-mortems`];
  if (due && reviews.length === 0) return [`${chain} is over and has no post-mortem`];
  if (!due && reviews.length > 0) return [`${chain} has a post-mortem and is no chain to review`];
  return due ? chased(record, chain) : [];
}

function chased(record: TenantRecord, chain: string): readonly string[] {
  const done = entriesOf(record, 'post-mortem.completed').filter(
    ({ event }) => event.chain === chain,
  );
  if (done.length > 1) return [`the post-mortem of ${chain} was completed twice`];
  const own = record.bypasses.filter((one) => one.chain === chain).map((one) => one.id);
  const reminds = record.deadlines.filter(
    (one) => one.kind === 'remind' && own.includes(one.bypass),
  );
  if (done.length === 0 && reminds.length === 0)
    return [`nobody is reminded of the post-mortem of ${chain}`];
  return done.length === 1 && reminds.length > 0 ? [`${chain} is reviewed and still chased`] : [];
}
