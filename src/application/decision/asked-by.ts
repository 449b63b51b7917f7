/** The gate system itself asked, by its adapter: its word on its deploys is taken. */
export const GATE_ITSELF = 'gate';

/**
 * Who asks, the same for all questions about one deploy: a token with those that were rotated out of
 * it, a caller by what its issuer never gives to another, or the gate system itself.
 */
export type AskedBy = string;

/**
 * Whether who asks may say what became of a deploy. What a gate let through by itself, a gate ends.
 *
 * @param begun who asked for the deploy; `null` if that is not known.
 */
export const mayEnd = (by: AskedBy, begun: AskedBy | null): boolean =>
  by === GATE_ITSELF || begun === null || begun === by;
