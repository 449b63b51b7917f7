import type { Gone } from '#domain/gone';
export type Seen = Gone;
