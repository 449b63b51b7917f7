const FNV_PRIME = 0x01000193;

/** FNV-1a over the characters (32 bits), mixed once more: all of its bits choose a slot somewhere. */
export function textHash(text: string, seed: number): number {
  let hash = seed;
  for (let at = 0; at < text.length; at += 1)
    hash = Math.imul(hash ^ text.charCodeAt(at), FNV_PRIME);
  return (hash ^ (hash >>> 15)) >>> 0;
}
