import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { evaluatePolicy } from '#domain/policy/evaluate-policy';
import { PolicyDocument } from '#application/policy/policy-document';
import { TierDocument } from '#application/policy/tier-document';
import { compiled } from './sample.ts';

const read = (path: string): string =>
  readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const reference = read('docs/policy.md');
const example = read('examples/policy.yaml');

/** Names in the first column of a table. */
const described = new Set([...reference.matchAll(/^\| `([a-z_.]+)`/gm)].map((match) => match[1]));

describe('the reference', () => {
  it('describes every key of the document and of a tier', () => {
    const tierKeys = Object.keys(TierDocument.shape).filter((key) => key !== 'ttl');
    const keys = [...Object.keys(PolicyDocument.shape), ...tierKeys, 'ttl.offer', 'ttl.max'];
    expect(keys.filter((key) => !described.has(key))).toEqual([]);
  });

  it('shows only sections that the parser accepts', () => {
    const blocks = [...reference.matchAll(/```yaml\n([^]*?)```/g)].map((match) => match[1] ?? '');
    expect(blocks.length).toBeGreaterThan(5);
    for (const block of blocks) {
      const document = parseDocument(example);
      const shown = parseDocument(block).toJS() as Record<string, unknown>;
      for (const [key, value] of Object.entries(shown)) {
        if (Array.isArray(value) || typeof value !== 'object' || value === null)
          document.set(key, value);
        // A section that shows some of its entries leaves the example's others as they are.
        else for (const [name, each] of Object.entries(value)) document.setIn([key, name], each);
      }
      expect(compiled(document.toString()).tenant).toBe('acme');
    }
  });

  it('works its example out as the rules do', () => {
    const { policy } = compiled(example);
    const ask = (service: string, environment: string, severity: string | null) =>
      evaluatePolicy(policy, {
        gate: 'image-policy',
        service,
        environment,
        branch: null,
        severity,
      });
    expect(ask('ledger-db', 'production', null)).toMatchObject({
      tiers: ['high', 'production-database'],
      requirements: [
        { from: 'release', count: 2, escalation: [{ afterMs: 300_000, add: ['db-senior'] }] },
        { from: 'db-senior', count: 1 },
      ],
      ttlOffersMs: [900_000, 3_600_000],
      pendingMs: 1_800_000,
      attestation: 'required',
      stepUp: 'none',
      inFlight: 'cancel',
    });
    expect(ask('checkout', 'staging', null).tiers).toEqual(['low']);
    expect(ask('checkout', 'staging', 'sev1').tiers).toEqual(['low', 'high']);
    const alone = compiled(
      example.replace('attestation: required', 'attestation: required\n    replaces: [high]'),
    );
    const replaced = evaluatePolicy(alone.policy, {
      gate: 'image-policy',
      service: 'ledger-db',
      environment: 'production',
      branch: null,
      severity: null,
    });
    expect(replaced.requirements).toMatchObject([{ from: 'db-senior', count: 1 }]);
  });
});
