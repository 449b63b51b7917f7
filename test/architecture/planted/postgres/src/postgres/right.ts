import { readFile } from 'node:fs/promises';
import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import type { Here } from '#application/here';
export const database = [readFile, drizzle, pg];
export type Seen = Here;
