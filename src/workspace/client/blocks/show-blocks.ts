import type { ReactNode } from 'react';
import type { BlockOnScreen } from '../../wire.ts';

/** Shows blocks that stand inside of another. */
export type ShowBlocks = (blocks: readonly BlockOnScreen[]) => ReactNode;
