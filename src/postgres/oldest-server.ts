/** As `server_version_num` has it: grants WITH SET and `pg_has_role(…, 'SET')` came with 16. */
export const oldestServer = 160_000;
