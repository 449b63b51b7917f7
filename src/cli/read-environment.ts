import {
  formatSettingMistakes,
  readConfig,
  type Config,
  type Secrets,
} from '#runtime/config/read-config';
import { UsageError } from './report-failure.ts';

/** The environment's settings. @throws UsageError listing every mistake. */
export function readEnvironment(): { readonly config: Config; readonly secrets: Secrets } {
  const read = readConfig(process.env);
  if (!read.ok) throw new UsageError(formatSettingMistakes(read.mistakes));
  return read;
}
