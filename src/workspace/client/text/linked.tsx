import type { ReactNode } from 'react';
import { link } from '../link.ts';

/** A link that opens beside the page; what is in it alone, where the address leads nowhere. */
export function Linked({ address, children }: { address: string; children: ReactNode }) {
  const href = link(address);
  if (href === undefined) return children;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  );
}
