import { readFile } from 'node:fs/promises';
import { App } from '@slack/bolt';
import { pino } from 'pino';
import type { Here } from '#application/here';
export const bot = [App, pino, readFile];
export type Seen = Here;
