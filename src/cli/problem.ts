/** What keeps a command from running, in words for whoever called it. */
export interface Problem {
  readonly problem: string;
}
