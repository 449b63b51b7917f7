import type { ReactNode } from 'react';

/** Line icons of 20 by 20, in the colour of the text around them. They never speak for themselves. */
function icon(children: ReactNode, name: string) {
  return function Icon() {
    return (
      <svg className={`icon icon-${name}`} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
        {children}
      </svg>
    );
  };
}

const line = (d: string): ReactNode => (
  <path
    d={d}
    fill="none"
    stroke="currentColor"
    strokeWidth="1.5"
    strokeLinecap="round"
    strokeLinejoin="round"
  />
);

export const HashIcon = icon(
  line('M8 3.5 6.2 16.5M13.8 3.5 12 16.5M4 7.5h12.5M3.5 12.5H16'),
  'hash',
);
export const LockIcon = icon(line('M5 9h10v7.25H5zM7 9V6.5a3 3 0 0 1 6 0V9'), 'lock');
export const SharedIcon = icon(
  <>
    {line('M8 5.2 3.5 10 8 14.8 12.5 10z')}
    {line('M12 5.2 7.5 10 12 14.8 16.5 10z')}
  </>,
  'shared',
);
export const EyeIcon = icon(
  <>
    {line('M2.5 10S5 5 10 5s7.5 5 7.5 5-2.5 5-7.5 5-7.5-5-7.5-5z')}
    <circle cx="10" cy="10" r="2.2" fill="none" stroke="currentColor" strokeWidth="1.5" />
  </>,
  'eye',
);
export const ChevronIcon = icon(line('m6 8 4 4 4-4'), 'chevron');
export const BackIcon = icon(line('m12 5-5 5 5 5'), 'back');
export const CloseIcon = icon(line('m5.5 5.5 9 9m0-9-9 9'), 'close');
export const DotsIcon = icon(
  <>
    <circle cx="10" cy="4.6" r="1.4" fill="currentColor" />
    <circle cx="10" cy="10" r="1.4" fill="currentColor" />
    <circle cx="10" cy="15.4" r="1.4" fill="currentColor" />
  </>,
  'dots',
);
export const SendIcon = icon(
  <path d="M3 3.2 17.5 10 3 16.8l1.6-5.6L11 10 4.6 8.8z" fill="currentColor" />,
  'send',
);
export const WarningIcon = icon(
  <>
    {line('M10 3 18 16.5H2z')}
    {line('M10 8v3.8')}
    <circle cx="10" cy="14" r=".9" fill="currentColor" />
  </>,
  'warning',
);
export const PlusIcon = icon(line('M10 4.5v11M4.5 10h11'), 'plus');
export const CheckIcon = icon(line('m4.5 10.5 3.5 3.5 7.5-8'), 'check');
export const SlashIcon = icon(
  <>
    {line('M3.5 3.5h13v13h-13z')}
    {line('m12 6.5-4 7')}
  </>,
  'slash',
);
export const BoltIcon = icon(line('M11 2.5 4.5 11.5h5l-.5 6 6.5-9h-5z'), 'bolt');
export const ThreadIcon = icon(line('M4 4h12v9H9.5L6 16v-3H4z'), 'thread');
export const PeopleIcon = icon(
  <>
    <circle cx="8" cy="7" r="2.8" fill="none" stroke="currentColor" strokeWidth="1.5" />
    {line(
      'M2.8 16c.3-3 2.4-4.5 5.2-4.5s4.9 1.500 5.2 4.5M13 4.500a2.600 2.600 0 0 1 0 5M15 11.800c1.300.6 2.100 2 2.300 4.200',
    )}
  </>,
  'people',
);
