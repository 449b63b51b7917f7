import { describe, expect, it } from 'vitest';
import { globMatches } from '#domain/policy/evaluate-policy';

describe('a branch pattern', () => {
  it.each([
    ['main', 'main'],
    ['*', ''],
    ['*', 'anything/at/all'],
    ['hotfix/*', 'hotfix/'],
    ['hotfix/*', 'hotfix/a/b'],
    ['*-rc', '1.2-rc'],
    ['a*b*c', 'abbc'],
    ['a**c', 'ac'],
    ['*a*a*', 'aa'],
  ])('%s matches %s', (pattern, branch) => {
    expect(globMatches(pattern, branch)).toBe(true);
  });

  it.each([
    ['main', 'main2'],
    ['main', 'Main'],
    ['', 'main'],
    ['hotfix/*', 'hotfix'],
    ['hotfix/*', 'xhotfix/1'],
    ['ab*ba', 'aba'],
    ['*a*a*', 'a'],
    ['a*bc*c', 'abc'],
    ['release/?', 'release/1'],
    ['a.c', 'abc'],
  ])('%s does not match %s', (pattern, branch) => {
    expect(globMatches(pattern, branch)).toBe(false);
  });

  it('takes a hostile branch name and a hostile pattern in one pass', () => {
    const long = 'a'.repeat(200_000);
    expect(globMatches(`${'a*'.repeat(50)}b`, long)).toBe(false);
  });
});
