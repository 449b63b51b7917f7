import { exportLog } from '#application/audit/export-log';
import type { TenantId } from '#domain/ids';
import type { Stores } from '../../open-stores.ts';

/** The export of this moment, line by line, as `breakglass audit export` writes it. */
export async function exportLines(
  { logs, keys, seals }: Pick<Stores, 'logs' | 'keys' | 'seals'>,
  tenant: TenantId,
  exportedAt: number,
): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of exportLog({ logs, keys, seals }, tenant, exportedAt)) lines.push(line);
  return lines;
}
