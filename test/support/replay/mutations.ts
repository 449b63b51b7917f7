import type { BypassId } from '#domain/ids';
import type { History } from './history.ts';
import { ACTIVATIONS } from './mutations/activations.ts';
import { APPROVALS, NOT_STEPPED_UP } from './mutations/approvals.ts';
import { CLOSES } from './mutations/closes.ts';
import { CLAIMED, DEPLOYS } from './mutations/deploys.ts';
import { EXTENSIONS, LESSER } from './mutations/extensions.ts';
import type { Mutation } from './mutations/mutation.ts';
import { BLOCKED, BUSY, CROWDED, RAISED, REQUESTS } from './mutations/requests.ts';
import { SEVERAL } from './mutations/several.ts';
import {
  playBusy,
  playBypass,
  playCrowd,
  playExtension,
  playLesser,
  playRaised,
  playSeveral,
  playSteppedUp,
  playUnblocked,
  playVerified,
} from './random-history.ts';

/** A mutation with what must have been played for it. */
export interface PlayedMutation extends Mutation {
  readonly play: (history: History) => BypassId;
}

/** Every way to forge a history that breaks a rule of the replay. */
export const MUTATIONS: readonly PlayedMutation[] = [
  ...[...REQUESTS, ...APPROVALS, ...ACTIVATIONS, ...DEPLOYS, ...CLOSES].map((one) => ({
    ...one,
    play: playBypass,
  })),
  { ...CLAIMED, play: playVerified },
  { ...CROWDED, play: playCrowd },
  { ...BUSY, play: playBusy },
  { ...RAISED, play: playRaised },
  { ...BLOCKED, play: playUnblocked },
  { ...NOT_STEPPED_UP, play: playSteppedUp },
  { ...LESSER, play: playLesser },
  ...SEVERAL.map((one) => ({ ...one, play: playSeveral })),
  ...EXTENSIONS.map((one) => ({ ...one, play: playExtension })),
];
