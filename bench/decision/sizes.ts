/** Connections to PostgreSQL, on both sides: as many as a replica takes. */
export const POOL_SIZE = 20;

/** Connections to the server, each asking again when it was answered. */
export const CONNECTIONS = 32;

/** Questions a second where latency is measured. */
export const ARRIVALS_PER_SECOND = 500;

/** Tokens that ask: enough that the rate limit of none is ever reached. */
export const TOKENS = 2_000;
