import type { BlockOnScreen } from '../../wire.ts';
import { objects, textOf, typeOf, words } from '../blocks/block-json.ts';
import { useSeen } from '../screen-context.tsx';

export interface Option {
  readonly value: string;
  readonly label: string;
  readonly description: string;
  /** The group it stands in; empty for none. */
  readonly group: string;
}

/** What can be chosen in a menu: the app's options, or people and channels of the workspace. */
export function useOptions(element: BlockOnScreen): Option[] {
  const { people, channels } = useSeen().screen;
  const type = typeOf(element).replace('multi_', '');
  if (type === 'users_select') {
    return people
      .filter(({ standing }) => standing !== 'bot' && standing !== 'deactivated')
      .map(({ id, name, handle }) => ({
        value: id,
        label: name,
        description: `@${handle}`,
        group: '',
      }));
  }
  if (type === 'channels_select' || type === 'conversations_select') {
    return channels
      .filter((channel) => isOffered(channel, element))
      .map(({ id, name, kind }) => ({
        value: id,
        label: kind === 'public' || kind === 'private' ? `#${name}` : name,
        description: '',
        group: '',
      }));
  }
  return ownOptions(element);
}

function ownOptions(element: BlockOnScreen): Option[] {
  const grouped = objects(element['option_groups']).flatMap((group) =>
    objects(group['options']).map((option) => asOption(option, words(group['label']))),
  );
  return [...objects(element['options']).map((option) => asOption(option, '')), ...grouped];
}

function asOption(option: BlockOnScreen, group: string): Option {
  return {
    value: textOf(option['value']),
    label: words(option['text']),
    description: words(option['description']),
    group,
  };
}

/** Slack's filters of conversation menus; a menu of channels shows public ones alone. */
function isOffered(
  channel: { kind: string; sharedWith: readonly string[] },
  element: BlockOnScreen,
): boolean {
  if (typeOf(element).endsWith('channels_select')) return channel.kind === 'public';
  const filter = (element['filter'] ?? {}) as BlockOnScreen;
  const include = filter['include'];
  const kind = channel.kind === 'app' ? 'im' : channel.kind;
  if (Array.isArray(include) && !include.includes(kind)) return false;
  if (filter['exclude_bot_users'] === true && channel.kind === 'app') return false;
  return !(filter['exclude_external_shared_channels'] === true && channel.sharedWith.length > 0);
}
