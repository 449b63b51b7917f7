import { Client } from 'pg';
import { schemaDumpQueries } from './schema-dump-queries.ts';

interface DumpRow {
  /** The object that the line belongs to, such as `table app.request`. */
  object: string;
  line: string;
}

const heading = `The schema as the migrations leave it: schemas app and public, without the job queue's own.
Written by test/support/write-schema-dump.ts; a test compares it. Review it as you review code.
`;

/**
 * Renders the schema at `url` as text that is the same for the same schema: tables with columns,
 * constraints, indexes, row-level security, policies, triggers and grants; types; functions with
 * their source. The owner is left out, as every installation names its own.
 */
export async function schemaDump(url: string): Promise<string> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    // Expressions are printed with every name qualified that is not in the search path.
    await client.query(`SET search_path = pg_catalog`);
    const objects = new Map<string, string[]>();
    for (const query of schemaDumpQueries) {
      const { rows } = await client.query<DumpRow>(query);
      for (const { object, line } of rows) {
        objects.set(object, [...(objects.get(object) ?? []), line]);
      }
    }
    return [heading, ...[...objects].sort(byName).map(rendered)].join('\n');
  } finally {
    await client.end();
  }
}

function byName([one]: [string, string[]], [other]: [string, string[]]): number {
  return one < other ? -1 : 1;
}

function rendered([object, lines]: [string, string[]]): string {
  return `${object}\n${lines.map((line) => `  ${line.trim().replaceAll('\n', '\n  ')}\n`).join('')}`;
}
