import type { MiddlewareHandler } from 'hono';
import { isFromHere, isJsonType } from '#workspace/from-here';

const PAGES = new Set(['/']);

/** Lets nobody ask but the page itself and whoever opens it; and whoever acts says so in JSON. */
export const fromHere: MiddlewareHandler = async (context, next) => {
  const { req } = context;
  const { method, path } = req;
  if (!isFromHere({ method, path, header: (name) => req.header(name) }, PAGES))
    return context.json({ problem: 'Only the page of the demo itself may ask.' }, 403);
  if (method === 'POST' && !isJsonType(req.header('content-type')))
    return context.json({ problem: 'What is asked must be sent as application/json.' }, 415);
  return next();
};
