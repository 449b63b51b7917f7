import type { AlarmNotice } from '#application/ports/alarm';
import type { CheckpointNews } from '#application/ports/outbound';
import { code } from '../block-kit/text.ts';
import { alarmWords } from './alarms.ts';

/** The sign repeats what the words say, for whoever looks over a channel. mrkdwn. */
export const signedAlarm = (alarm: AlarmNotice): string =>
  `${alarm.clearedAt === null ? ':rotating_light:' : ':white_check_mark:'} ${alarmWords(alarm)}`;

export const alarmName = ({ id }: AlarmNotice): string => `Alarm ${code(id)}`;

export const checkpointWords = ({ origin, size, root }: CheckpointNews): string =>
  `Checkpoint of the audit log ${code(origin)}: ${size} entries, root ${code(root)}`;

export const KEEP_CHECKPOINT =
  'Save the note as a file where whoever runs this service cannot change it: `breakglass audit verify --checkpoint` then shows whether the log only grew since.';
