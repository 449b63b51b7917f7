import { useState } from 'react';
import type { CommandOnScreen } from '../../wire.ts';

export interface CommandMenuState {
  readonly commands: readonly CommandOnScreen[];
  readonly isOpen: boolean;
  readonly active: number;
  readonly choose: (command: CommandOnScreen) => void;
  /** Whether the key was meant for the menu. */
  readonly onKey: (key: string) => boolean;
}

/** The commands that begin with what is typed, until one stands there whole. */
export function useCommandMenu(
  all: readonly CommandOnScreen[],
  text: string,
  write: (text: string) => void,
): CommandMenuState {
  const [index, setIndex] = useState(0);
  const [closedAt, setClosedAt] = useState<string>();
  const typed = text.startsWith('/') && !/\s/.test(text) ? text : undefined;
  const commands =
    typed === undefined ? [] : all.filter(({ command }) => command.startsWith(typed));
  const isOpen = commands.length > 0 && closedAt !== text;
  const active = Math.min(index, commands.length - 1);
  const choose = ({ command }: CommandOnScreen): void => {
    write(`${command} `);
    setIndex(0);
  };
  const move = (step: number): true => {
    setIndex((active + step + commands.length) % commands.length);
    return true;
  };
  const onKey = (key: string): boolean => {
    const current = commands[active];
    if (!isOpen || !current) return false;
    if (key === 'ArrowDown' || key === 'ArrowUp') return move(key === 'ArrowDown' ? 1 : -1);
    if (key === 'Escape') {
      setClosedAt(text);
      return true;
    }
    // A command that stands there whole is sent by Enter; one that does not is completed first.
    if (key === 'Tab' || (key === 'Enter' && current.command !== text)) {
      choose(current);
      return true;
    }
    return false;
  };
  return { commands, isOpen, active, choose, onKey };
}
