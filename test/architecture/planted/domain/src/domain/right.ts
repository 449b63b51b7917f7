export type { Here } from './here.ts';
