import { surfaceOf } from '../cards/card-mark.ts';
import { tenantOf, type Dependencies } from './dependencies.ts';
import { messageRefOf, workspaceOf, type MessagePress } from './payloads.ts';

/**
 * Has the pressed message taken away if it is not the one in which its card is kept up to date. Goes
 * after the acknowledgement: nobody waits for it, and where it fails the next press does it.
 */
export async function noticeCopy(dependencies: Dependencies, press: MessagePress): Promise<void> {
  const [{ block_id }] = press.actions;
  const [surface, message] = [surfaceOf(block_id), messageRefOf(press)];
  if (surface === null || message === null) return;
  try {
    const tenant = await tenantOf(dependencies, workspaceOf(press));
    if (tenant !== null) await dependencies.copies.pressed(tenant, surface, message);
  } catch (err) {
    dependencies.log.warn({ err, surface }, 'it is not known whether a pressed card is a copy');
  }
}
