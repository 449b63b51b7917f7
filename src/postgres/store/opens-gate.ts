import { and, arrayContains, eq, isNotNull, isNull, or, type SQL } from 'drizzle-orm';
import * as t from '../schema.ts';

/** Bypasses that open this gate and no other. */
export const alone = (gate: string): SQL | undefined =>
  and(isNull(t.bypass.gates), eq(t.bypass.gate, gate));

/** Bypasses that open this gate with others; what they are all called together opens nothing. */
export const together = (gate: string): SQL | undefined =>
  and(isNotNull(t.bypass.gates), arrayContains(t.bypass.gates, [gate]));

export const opens = (gate: string): SQL | undefined => or(alone(gate), together(gate));
