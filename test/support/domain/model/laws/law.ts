import type { History } from '../history.ts';

/** Something that must always hold, checked on what was recorded: the violations, empty when it holds. */
export type Law = (history: History) => readonly string[];
