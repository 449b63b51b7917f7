import { describe, expect, it } from 'vitest';
import { listProcesses, treeOf, type Listed } from '#cli/ci/process-tree';

const one = (pid: number, parent: number, group: number, session: number, state = 'S'): Listed => ({
  pid,
  parent,
  group,
  session,
  state,
  started: '1',
});

describe('what a command started', () => {
  it('is its session, and what went into another one while its parent lives', () => {
    const all = [
      one(1, 0, 1, 1),
      one(90, 1, 90, 90),
      one(100, 90, 100, 100),
      one(101, 100, 100, 100),
      // `timeout`: a group of its own.
      one(102, 101, 102, 100),
      // `setsid` under a parent that lives, with a child.
      one(103, 101, 103, 103),
      one(104, 103, 103, 103),
      // An orphan of the session.
      one(105, 1, 105, 100),
      one(106, 100, 100, 100, 'Z'),
      one(200, 90, 200, 200),
    ];
    expect(treeOf([100], all).map(({ pid }) => pid)).toEqual([100, 101, 102, 103, 104, 105]);
  });

  it('is found on this machine', () => {
    const me = listProcesses().find(({ pid }) => pid === process.pid);
    expect(me).toMatchObject({ parent: process.ppid, state: expect.stringMatching(/^[RSD]/) });
  });
});
