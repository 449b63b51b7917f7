import type { BypassId } from '#domain/ids';
import type { History } from './history.ts';
import { ACTIVATIONS } from './mutations/activations.ts';
import { APPROVALS } from './mutations/approvals.ts';
import { CLOSES } from './mutations/closes.ts';
import { DEPLOYS } from './mutations/deploys.ts';
import { EXTENSIONS } from './mutations/extensions.ts';
import type { Mutation } from './mutations/mutation.ts';
import { REQUESTS } from './mutations/requests.ts';
import { playBypass, playExtension } from './random-history.ts';

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
  ...EXTENSIONS.map((one) => ({ ...one, play: playExtension })),
];
