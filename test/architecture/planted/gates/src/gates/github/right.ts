import { SignJWT } from 'jose';
import type { Here } from './here.ts';
export const token = SignJWT;
export type Seen = Here;
