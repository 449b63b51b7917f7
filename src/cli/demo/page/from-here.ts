import type { MiddlewareHandler } from 'hono';

const LOCAL = new Set(['127.0.0.1', 'localhost']);

/**
 * Keeps out pages of other sites, which a browser lets reach loopback: the address asked must be a
 * local one (a name that was rebound to 127.0.0.1 is not), and whoever says where they come from
 * must come from this very page.
 */
export const fromHere: MiddlewareHandler = async (context, next) => {
  const host = context.req.header('host') ?? '';
  const own = `http://${host}`;
  const origin = context.req.header('origin');
  const isLocal = URL.canParse(own) && LOCAL.has(new URL(own).hostname);
  if (!isLocal || (origin !== undefined && origin !== own))
    return context.json({ problem: 'Only the page of the demo itself may ask.' }, 403);
  return next();
};
