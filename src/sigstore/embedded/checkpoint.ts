import { signBytes } from './signing-key.ts';
import type { SigningKey } from './signing-key.ts';
import type { TreeHead } from './transparency-log.ts';

/**
 * The name the log signs its checkpoints with. Verifiers look for it in the trusted root's base
 * URL, so it is constant: a port in it would make bundles of an earlier run unverifiable.
 */
export const LOG_NAME = 'rekor.embedded.localhost';

/**
 * A Rekor v1 checkpoint: origin `<name> - <tree id>`, size, root, then one signed-note signature
 * (C2SP signed-note, with Rekor's key hint: the first four bytes of the log id). The digits after
 * the dash are how clients tell a v1 origin from a v2 one.
 */
export function signCheckpoint(key: SigningKey, treeId: string, head: TreeHead): string {
  return signHead(key, `${LOG_NAME} - ${treeId}`, head);
}

/** The same head as Rekor v2 signs it: its origin is the name alone (C2SP tlog-checkpoint). */
export function signTilesCheckpoint(key: SigningKey, head: TreeHead): string {
  return signHead(key, LOG_NAME, head);
}

function signHead(key: SigningKey, origin: string, head: TreeHead): string {
  const root = Buffer.from(head.rootHash).toString('base64');
  const text = `${origin}\n${head.size}\n${root}\n`;
  const hinted = Buffer.concat([key.id.subarray(0, 4), signBytes(key, Buffer.from(text))]);
  return `${text}\n— ${LOG_NAME} ${hinted.toString('base64')}\n`;
}
