/** No connection was had, or it was lost before COMMIT: nothing of the transaction stands. */
export class ConnectionFailed extends Error {
  override name = 'ConnectionFailed';
}

/** The connection was lost while COMMIT was under way: the transaction may stand or not. */
export class CommitUnknown extends Error {
  override name = 'CommitUnknown';
}

/** A statement had failed and its error was swallowed, so PostgreSQL rolled back at COMMIT. */
export class TransactionAborted extends Error {
  override name = 'TransactionAborted';
}

/** An id that is no UUID never reaches SQL. */
export class TenantIdMalformed extends Error {
  override name = 'TenantIdMalformed';
}
