import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import type { ClockMove, ClockView } from '../wire.ts';
import { post } from './ask.ts';
import type { Run } from './use-acts.ts';
import { dayOf, spanOf, timeOf } from './times.ts';
import { useNow } from './use-now.ts';

interface HeaderProps {
  readonly clock: ClockView;
  readonly aheadMs: number;
  readonly run: Run;
  readonly touring: boolean;
  readonly onTour: (touring: boolean) => void;
}

export function Header({ clock, aheadMs, run, touring, onTour }: HeaderProps) {
  return (
    <header className="header">
      <h1>
        Break-glass <span className="muted">demo</span>
      </h1>
      <span className="grow" />
      <Time movedMs={clock.movedMs} aheadMs={aheadMs} />
      <ClockMenu clock={clock} onMove={(move) => run('clock', () => post('/clock', { move }))} />
      {!touring && (
        <Button className="quiet" onPress={() => onTour(true)}>
          Tour
        </Button>
      )}
    </header>
  );
}

function Time({ movedMs, aheadMs }: { readonly movedMs: number; readonly aheadMs: number }) {
  const now = useNow(aheadMs);
  return (
    <div className="time" role="group" aria-label="The demo's time">
      <span className="time-clock">{timeOf(now)}</span>
      <span className="time-day">
        {dayOf(now)}
        {movedMs > 0 && (
          <b className="moved">
            <span className="wide-only"> moved forward by </span>
            <span className="narrow-only"> + </span>
            {spanOf(movedMs)}
          </b>
        )}
      </span>
    </div>
  );
}

const MOVES: readonly { readonly id: ClockMove; readonly text: string; readonly note: string }[] = [
  { id: 'expiry', text: 'To the next expiry', note: 'stops a few seconds before it' },
  { id: 'minute', text: '+ 1 min', note: '' },
  { id: 'quarter', text: '+ 15 min', note: '' },
  { id: 'hour', text: '+ 1 h', note: '' },
  { id: 'days', text: '+ 5 days', note: 'the reminders of a post-mortem' },
];

interface ClockMenuProps {
  readonly clock: ClockView;
  readonly onMove: (move: ClockMove) => void;
}

function ClockMenu({ clock: { moving, nextExpiryAt }, onMove }: ClockMenuProps) {
  return (
    <MenuTrigger>
      <Button className="secondary" isDisabled={moving}>
        {moving && 'Moving …'}
        {!moving && <span className="wide-only">Move the clock</span>}
        {!moving && <span className="narrow-only">Clock</span>}
        <span aria-hidden="true" className="chevron" />
      </Button>
      <Popover className="popover" placement="bottom end">
        <Menu
          className="options"
          items={MOVES}
          disabledKeys={nextExpiryAt === null ? ['expiry'] : []}
          onAction={(key) => onMove(key as ClockMove)}
        >
          {({ id, text, note }) => (
            <MenuItem id={id} className="option" textValue={text}>
              <span>{text}</span>
              {note !== '' && <small>{note}</small>}
            </MenuItem>
          )}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
