import { expect, test } from 'vitest';
import { formWatch } from '#cli/demo/tour/form-watch';

const now = { open: false, ms: 1_000 };
const watch = () =>
  formWatch(
    () => now.open,
    () => now.ms,
  );

test('a form that was never open was not sent', () => {
  now.open = false;
  expect(watch()()).toEqual({ formOpen: false, formSent: false });
});

test('a form that closed counts as sent for a moment, and no longer', () => {
  const look = watch();
  now.open = true;
  expect(look()).toEqual({ formOpen: true, formSent: false });
  now.open = false;
  expect(look()).toEqual({ formOpen: false, formSent: true });
  now.ms += 4_999;
  expect(look()).toEqual({ formOpen: false, formSent: true });
  now.ms += 1;
  expect(look()).toEqual({ formOpen: false, formSent: false });
});

test('a form that is opened again is open, however recently another one closed', () => {
  const look = watch();
  now.open = true;
  look();
  now.open = false;
  look();
  now.open = true;
  expect(look()).toEqual({ formOpen: true, formSent: false });
});
