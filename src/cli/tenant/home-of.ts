import type { TenantId } from '#domain/ids';
import type { Stores } from '../open-stores.ts';
import { UsageError } from '../report-failure.ts';

/**
 * The workspace whose people are the tenant's: that of its policy in force, which never changes. For
 * the first policy the one that it has installed the app in; where there are several, or the app is
 * installed for a whole organisation, somebody has to say which.
 *
 * @throws UsageError
 */
export async function homeOf(
  { store, installations }: Pick<Stores, 'store' | 'installations'>,
  tenant: TenantId,
  name: string,
  asked: string | undefined,
): Promise<string> {
  const current = await store.read(tenant, (tx) => tx.currentPolicy());
  const known = current?.directory.homeTeam;
  if (known !== undefined) {
    if (asked === undefined || asked === known) return known;
    throw new UsageError(`The home of ${name} is ${known}, and is never moved.`);
  }
  const standing = (await installations.list(tenant)).filter((one) => one.endedAt === null);
  const teams = standing.flatMap(({ team }) => team ?? []);
  if (asked !== undefined) {
    const serves = await installations.find(asked, null);
    if (serves?.tenant === tenant) return asked;
    throw new UsageError(
      `${name} has not installed the app in ${asked}. Let somebody there type /breakglass once, if it is installed for the whole organisation.`,
    );
  }
  const [only, ...more] = teams;
  if (only !== undefined && more.length === 0 && standing.length === 1) return only;
  if (standing.length === 0)
    throw new UsageError(`${name} has not installed the app yet: breakglass tenant invite ${name}`);
  throw new UsageError(`Write with --home which workspace is home to the people of ${name}.`);
}
