import type { BypassCard } from '#application/ports/card';
import type { Page } from '#application/ports/pager';
import { openedGates } from '#domain/opened-gates';

/** What people typed, on one line: a page has no other place for what stands between lines. */
export const oneLine = (text: string): string =>
  text
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, 300);

const HEADS: Readonly<Record<Page['kind'], string>> = {
  asked: 'Break-glass approval needed',
  escalated: 'Break-glass approval still needed',
  resolved: 'Break-glass request decided',
};

/** `[DRILL] Break-glass approval needed: image-policy for checkout production, by J. Doe`. */
export function pageTitle({ kind, card }: Pick<Page, 'kind' | 'card'>): string {
  const marks = [card.drill ? '[DRILL] ' : '', card.evaluation ? '[EVALUATION] ' : ''].join('');
  const { service, environment } = card.scope;
  const what = `${card.gate} for ${service} ${environment}`;
  return `${marks}${HEADS[kind]}: ${what}, by ${oneLine(card.requester.name)}${nobodyMark(card)}`;
}

/** Whoever reads this may be the only one who can do something about it. */
const nobodyMark = (card: BypassCard): string =>
  card.phase === 'waiting' && card.nobodyFor.length > 0
    ? ` (nobody to ask in ${card.nobodyFor.join(', ')})`
    : '';

/** `2026-11-23 02:40 UTC`. */
const utc = (at: number): string =>
  `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** `1 h 30 min`; under a minute in seconds. */
function spanWords(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (hours === 0) return `${minutes} min`;
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

/** What is asked, a line each, for whoever reads it where nothing is laid out. */
export function pageFacts(card: BypassCard): readonly (readonly [string, string])[] {
  const { service, environment, branch, artifact } = card.scope;
  return [
    ['Gate', openedGates(card).join(', ')],
    ['Service', service],
    ['Environment', environment],
    ['Branch', branch ?? 'any'],
    ['Artifact', artifact ?? 'any'],
    ...(card.severity === null ? [] : [['Severity', card.severity] as const]),
    ...(card.incident === null ? [] : [['Incident', oneLine(card.incident)] as const]),
    ['Asked by', oneLine(card.requester.name)],
    ['Asked for', spanWords(card.ttlAskedMs)],
    ['Tier', card.tiers.join(', ')],
    ...card.requirements.map(
      ({ from, count, have }) => ['Needed', `${count} of ${from}, ${have} given`] as const,
    ),
    ['Asked at', utc(card.openedAt)],
    [
      'Lapses at',
      `${utc(card.pendingUntilAt)} (${spanWords(card.pendingUntilAt - card.openedAt)} after it was asked)`,
    ],
  ];
}

/** What became of a request, in one sentence. */
export function outcomeOf(card: BypassCard): string {
  switch (card.phase) {
    case 'waiting':
      return 'It is still waiting.';
    case 'active':
      return card.grant === null
        ? 'It was approved.'
        : `It was approved: the bypass is open until ${utc(card.grant.expiresAt)}.`;
    case 'closed':
      return 'It was approved, and the bypass is closed again.';
    case 'denied':
      return 'It was denied. The gate was never opened.';
    case 'withdrawn':
      return 'It was withdrawn. The gate was never opened.';
    case 'lapsed':
      return 'It lapsed: nobody decided in time. The gate was never opened.';
  }
}

/** What to do where nobody can be asked, in one sentence; `null` where somebody can. */
export function nobodyWords(card: BypassCard): string | null {
  if (card.phase !== 'waiting' || card.nobodyFor.length === 0) return null;
  const { nextStep } = card;
  const next =
    nextStep === null
      ? 'Nobody else is asked later.'
      : `At ${utc(nextStep.at)} ${nextStep.groups.join(', ')} will be asked as well.`;
  return `Too few people can be asked in ${card.nobodyFor.join(', ')}. Put somebody on call or into the group: they are asked within two minutes. ${next}`;
}
