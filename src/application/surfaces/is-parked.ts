import { PublishFailed } from '../ports/surface.ts';

/**
 * Whether it waits until the app is installed again: no try of the queue can bring that about, and
 * installing it sends everything that waits.
 */
export const isParked = (error: unknown): boolean =>
  error instanceof PublishFailed && error.code === 'not-installed';
