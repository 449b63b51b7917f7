import type { BypassEvent, RequestOpened } from '#domain/bypass/event';
import type { Policy } from '#domain/policy/policy';
import { approved, activated, closed, opened } from './events.ts';
import { mMoe, rRoe } from './people.ts';
import { gate, policy } from './policies.ts';

export const SEVERAL = 'ship-it';
export const MEMBERS = ['admission', 'deploy-window', 'image-policy'] as const;

/** The example with a gate of three, each of which can still be asked for alone. */
export const policyOfSeveral = (
  members: readonly string[] = MEMBERS,
  has: Partial<Policy> = {},
): Policy => {
  const own = policy(has);
  return {
    ...own,
    gates: {
      ...own.gates,
      admission: gate({ kind: 'opa' }),
      [SEVERAL]: gate({ kind: 'all', gates: members }),
    },
  };
};

const ofSeveral = <Event extends BypassEvent>(event: Event): Event => ({
  ...event,
  gate: SEVERAL,
  gates: MEMBERS,
});

export const openedSeveral = (has: Partial<RequestOpened> = {}): RequestOpened =>
  opened({ gate: SEVERAL, gates: MEMBERS, ...has });

export const activeSeveral = (): readonly BypassEvent[] => [
  openedSeveral(),
  ofSeveral(approved(rRoe)),
  ofSeveral(approved(mMoe)),
  ofSeveral(activated()),
];

export const closedSeveral = () => ofSeveral(closed());
