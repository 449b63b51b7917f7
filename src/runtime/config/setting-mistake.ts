/** A setting that keeps the service from starting, and what to write instead. */
export interface SettingMistake {
  readonly setting: string;
  readonly remedy: string;
}
