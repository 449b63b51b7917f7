export type { Here } from '../postgres/here.ts';
