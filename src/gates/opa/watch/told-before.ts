/**
 * Remembers the last ids, for this process alone: it spares work where OPA sends a chunk again. What
 * another replica took is told anew, and taken once because whoever is told keeps it by its id.
 */
export function toldBefore(most: number): {
  has(id: string): boolean;
  add(id: string): void;
} {
  const ids = new Set<string>();
  return {
    has: (id) => ids.has(id),
    add(id) {
      ids.add(id);
      const [oldest] = ids;
      if (ids.size > most && oldest !== undefined) ids.delete(oldest);
    },
  };
}
