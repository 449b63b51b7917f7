/** The whole of a body; `null`, and the rest is left, where it is longer than `maxBytes`. */
export async function readAtMost(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<Uint8Array | null> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of body) {
    length += part.byteLength;
    // Leaving the loop ends the connection.
    if (length > maxBytes) return null;
    parts.push(part);
  }
  return Buffer.concat(parts);
}
