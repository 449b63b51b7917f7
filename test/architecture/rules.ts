import type { IForbiddenRuleType } from 'dependency-cruiser';
import { closedFolders, openFolders, type Folder } from './folders.ts';

function packagePath(name: string): string {
  return `(^|/)node_modules/${name.endsWith('/') ? name : `${name}/`}`;
}

/** What runs in a browser: a page of the local workspace, and the one of the demo. */
const browserClient = '^src/(workspace|cli/demo)/client/';

/** Everything a closed folder imports must be on its list, Node's modules and packages included. */
function closedFolderRule(folder: Folder): IForbiddenRuleType {
  const own = folder.name === 'gates' ? '^src/gates/([^/]+)/' : `^src/${folder.name}/`;
  const allowed = [
    folder.name === 'gates' ? '^src/gates/$1/' : own,
    ...folder.folders.map((name) => `^src/${name}/`),
    ...folder.packages.map(packagePath),
    ...(Array.isArray(folder.node) ? folder.node.map((name) => `^(node:)?${name}$`) : []),
  ];
  return {
    name: folder.name,
    severity: 'error',
    from: { path: own, pathNot: browserClient },
    to: { pathNot: allowed, ...(folder.node === true ? { dependencyTypesNot: ['core'] } : {}) },
  };
}

function openFolderRule(folder: (typeof openFolders)[number]): IForbiddenRuleType {
  return {
    name: folder.name,
    severity: 'error',
    from: { path: `^src/${folder.name}/` },
    to: { path: ['^test/', ...folder.never.map((name) => `^src/${name}/`)] },
  };
}

/** One rule a row of the table of folders, and four that hold everywhere. */
export const rules: IForbiddenRuleType[] = [
  ...closedFolders.map(closedFolderRule),
  ...openFolders.map(openFolderRule),
  {
    name: 'vendors',
    comment: 'A fake that shares code with its client agrees with the mistakes of that client.',
    severity: 'error',
    from: { path: '^test/support/vendors/' },
    to: { path: '^src/', reachable: true },
  },
  {
    name: 'shipped',
    comment: 'A package that only developers install is missing where the service runs.',
    severity: 'error',
    from: { path: '^src/(runtime|cli)/', pathNot: browserClient },
    to: { dependencyTypes: ['npm-dev', 'npm-no-pkg'] },
  },
  {
    name: 'client',
    comment:
      'A page knows the server by what it sends (`wire.ts`); anything else would end in the bundle.',
    severity: 'error',
    from: { path: browserClient },
    to: {
      pathNot: [
        browserClient,
        '^src/(workspace|cli/demo)/wire\\.ts$',
        ...[
          'react',
          'react-dom',
          'react-aria-components',
          'slack-blocks-to-jsx',
          '@types/react',
          '@types/react-dom',
        ].map(packagePath),
      ],
    },
  },
  { name: 'circular', severity: 'error', from: { path: '^src/' }, to: { circular: true } },
  {
    name: 'resolvable',
    comment: 'What cannot be resolved cannot be judged by the other rules.',
    severity: 'error',
    from: { path: '^(test/|src/(runtime|cli)/)' },
    // This package is types alone: there is no file to run.
    to: { couldNotResolve: true, pathNot: '^@octokit/openapi-types$' },
  },
];
