/** A user of the operating system, by number. */
export interface OsUser {
  uid: number;
  gid: number;
}
