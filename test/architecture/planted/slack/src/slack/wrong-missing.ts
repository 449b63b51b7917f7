import type { Gone } from '#slack/gone';
export type Seen = Gone;
