import { parse } from 'yaml';
import { z } from 'zod';
import type { Here } from '#ledger/here';
export const policy = [parse, z];
export type Seen = Here;
