import { useState } from 'react';

/** Whether the value changed just now, and what ends the mark that shows it. */
export function useFlip(value: string): readonly [boolean, () => void] {
  const [before, setBefore] = useState(value);
  const [flipped, setFlipped] = useState(false);
  if (before !== value) {
    setBefore(value);
    setFlipped(true);
  }
  return [flipped, () => setFlipped(false)];
}
