import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider';

/** What the provider keeps, in memory; it outlives a change of the provider's keys. */
export function memoryAdapter(): AdapterFactory {
  const kept = new Map<string, AdapterPayload>();
  return (model): Adapter => {
    const keyOf = (id: string): string => `${model}:${id}`;
    return {
      upsert: async (id, payload) => void kept.set(keyOf(id), payload),
      find: async (id) => kept.get(keyOf(id)),
      findByUid: async (uid) =>
        [...kept].find(([key, one]) => key.startsWith(`${model}:`) && one.uid === uid)?.[1],
      // Only devices without a browser have user codes.
      findByUserCode: async () => undefined,
      consume: async (id) => {
        const found = kept.get(keyOf(id));
        if (found !== undefined)
          kept.set(keyOf(id), { ...found, consumed: Math.floor(Date.now() / 1000) });
      },
      destroy: async (id) => void kept.delete(keyOf(id)),
      revokeByGrantId: async (grantId) => {
        for (const [key, one] of kept) if (one.grantId === grantId) kept.delete(key);
      },
    };
  };
}
