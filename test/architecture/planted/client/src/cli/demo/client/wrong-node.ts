import { readFile } from 'node:fs/promises';

export const wrong = readFile;
