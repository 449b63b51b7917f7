import type { Screen } from '../wire.ts';

export const title = (screen: Screen) => screen.title;
