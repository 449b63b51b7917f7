import { describe, expect, it } from 'vitest';
import { scopeCovers } from '#domain/scope';
import { facts, scope } from '#test/support/domain/commands';

const covers = (has = {}, asked = {}) => scopeCovers(['image-policy'], scope(has), facts(asked));

describe('a scope', () => {
  it('covers the service and environment it names, any branch and artifact', () => {
    expect(covers()).toBe(true);
    expect(covers({}, { branch: null, artifact: null })).toBe(true);
  });

  it.each([
    ['gate', { gate: 'deploy-window' }],
    ['service', { service: 'ledger-db' }],
    ['environment', { environment: 'staging' }],
    ['environment in other letters', { environment: 'Production' }],
    ['service with a blank', { service: 'checkout ' }],
  ])('covers no other %s', (_, asked) => {
    expect(covers({}, asked)).toBe(false);
  });

  it.each([
    ['branch', { branch: 'hotfix/1' }, { branch: 'hotfix/1' }, { branch: 'hotfix/12' }],
    ['artifact', { artifact: 'sha256:aa' }, { artifact: 'sha256:aa' }, { artifact: 'sha256:ab' }],
  ])('that names a %s covers that one alone', (_, has, same, other) => {
    expect(covers(has, same)).toBe(true);
    expect(covers(has, other)).toBe(false);
  });

  it('does not cover a question that leaves out what it names', () => {
    expect(covers({ branch: 'main' }, { branch: null })).toBe(false);
    expect(covers({ artifact: 'sha256:aa' }, { artifact: null })).toBe(false);
  });

  it('takes a star in a branch for a star', () => {
    expect(covers({ branch: 'hotfix/*' }, { branch: 'hotfix/1' })).toBe(false);
  });
});
