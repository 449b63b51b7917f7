import { expect } from 'vitest';
import { decide } from '#domain/bypass/decide';
import { evolve } from '#domain/bypass/evolve';
import type { Chain } from '#domain/bypass/chain';
import type { Command } from '#domain/bypass/command';
import type { Context } from '#domain/bypass/context';
import type { BypassEvent } from '#domain/bypass/event';
import { isRefusal, type RefusalCode, type RefusalReason } from '#domain/refusal';

/** The fields of an event that a test speaks of; its type always. */
type ExpectedEvent = {
  [T in BypassEvent['type']]: { readonly type: T } & Partial<Extract<BypassEvent, { type: T }>>;
}[BypassEvent['type']];

type ExpectedRefusal = {
  [C in RefusalCode]: { readonly code: C } & Partial<Extract<RefusalReason, { code: C }>>;
}[RefusalCode];

/** All events in their order (each by the fields named), or a refusal by code, alone or with its fields. */
export type Expected = readonly ExpectedEvent[] | RefusalCode | ExpectedRefusal;

export const stateAfter = (events: readonly BypassEvent[]): Chain | null =>
  events.reduce<Chain | null>((state, event) => evolve(state, event), null);

/**
 * A test of the decider as one sentence: given what happened, when this is asked, then that
 * happens. What happens is also applied, so a decision that its own state cannot take fails here.
 */
export function given(...history: readonly BypassEvent[]) {
  const state = stateAfter(history);
  return {
    when(command: Command, context: Context) {
      const outcome = decide(state, command, context);
      return {
        thenExpect(expected: Expected): void {
          if (typeof expected === 'string') {
            expect(codeOf(outcome)).toBe(expected);
          } else if ('code' in expected) {
            expect(outcome).toMatchObject({ refused: true, ...expected });
          } else {
            const events = eventsOf(outcome);
            expect(events.map((one) => one.type)).toEqual(expected.map((one) => one.type));
            expect(events).toMatchObject(expected);
            stateAfter([...history, ...events]);
          }
        },
        /** The events, for assertions that a pattern cannot say. */
        events: (): readonly BypassEvent[] => eventsOf(outcome),
        /** History and what happened, to go on from. */
        history: (): readonly BypassEvent[] => [...history, ...eventsOf(outcome)],
      };
    },
  };
}

type Outcome = ReturnType<typeof decide>;

function codeOf(outcome: Outcome): string {
  return isRefusal(outcome) ? outcome.code : `happened: ${outcome.map((one) => one.type).join()}`;
}

function eventsOf(outcome: Outcome): readonly BypassEvent[] {
  if (isRefusal(outcome)) throw new Error(`refused: ${JSON.stringify(outcome)}`);
  return outcome;
}
