import { expect, test } from 'vitest';
import { GateDocument } from '#application/policy/gate-document';

const gate = (settings: object) =>
  GateDocument.safeParse({ kind: 'kyverno', policy: 'ValidatingPolicy/signed', ...settings });

test('a gate that could stay open when the service is dead is refused', () => {
  const { error } = gate({ guard: 'delete' });
  expect(error?.issues).toMatchObject([{ path: ['guard'] }]);
  expect(error?.issues[0]?.message).toContain('allow_delete_only: true');
  expect(gate({ guard: 'delete', allow_delete_only: false }).success).toBe(false);
});

test('unless the policy takes that by name', () => {
  expect(gate({ guard: 'delete', allow_delete_only: true }).success).toBe(true);
  expect(gate({ guard: 'condition' }).success).toBe(true);
});
