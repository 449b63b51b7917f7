import { exportLog } from '#application/audit/export-log';
import type { TenantId } from '#domain/ids';
import type { Stores } from '../../open-stores.ts';

/** The export of this moment, line by line, as `breakglass audit export` writes it. */
export async function exportLines(
  { logs, keys }: Pick<Stores, 'logs' | 'keys'>,
  tenant: TenantId,
  exportedAt: number,
): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of exportLog({ logs, keys }, tenant, exportedAt)) lines.push(line);
  return lines;
}
