import type { Emitter } from 'liquidjs';
import { textOf } from './text-of.ts';
import { OutputFull } from './template-errors.ts';

// Twice what is kept leaves room for white space; past it a loop has run away.
const MAX_CHARACTERS = 24_000;

/**
 * Collects what a template writes, and stops it where nothing more would be kept: the engine's own
 * limits count time and values, not text, and a small loop fills the memory within its time.
 */
export class Output implements Emitter {
  buffer = '';
  write(text: unknown): void {
    this.buffer += textOf(text);
    if (this.buffer.length <= MAX_CHARACTERS) return;
    this.buffer = this.buffer.slice(0, MAX_CHARACTERS);
    throw new OutputFull(MAX_CHARACTERS);
  }
}
