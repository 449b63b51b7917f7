import { registerHooks } from 'node:module';

/**
 * Loaded by `node --import`, for a quick start. Of each module of a package Node asks whether it is
 * ESM or CommonJS, and reads the whole package.json for it: that of drizzle-orm has 180 kB, and its
 * hundred modules take a third of a start. Those it imports from itself are ESM, all of them.
 */
registerHooks({
  resolve(specifier, context, next) {
    const { parentURL } = context;
    const isOwn = specifier.startsWith('.') && parentURL?.includes('/node_modules/drizzle-orm/');
    if (parentURL === undefined || isOwn !== true) return next(specifier, context);
    return { url: new URL(specifier, parentURL).href, format: 'module', shortCircuit: true };
  },
});
