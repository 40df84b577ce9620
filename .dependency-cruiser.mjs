/** Folders of core/src, lowest layer first. A folder imports its own layer or a lower one. */
const layers = [
  ['errors', 'bytes', 'lifetime', 'codec'],
  ['runtime', 'crypto', 'ice', 'sdp', 'pictures'],
  ['nostr'],
  ['identity', 'signalling', 'vault'],
  ['link', 'contacts', 'comparison'],
  ['channel', 'control-log'],
  ['media', 'peer', 'files'],
  ['room', 'ring', 'chat'],
  ['doctor'],
  ['protocol'],
]
const known = layers.flat()

/** The only places of core that may name Node or a package that needs it. */
const nodeRim = ['^core/src/runtime/node/', '^core/src/signalling/carriers/dht-native/', '^core/src/node\\.ts$']
const coreTests = ['^core/src/testing/', '\\.test\\.ts$']
const tests = [
  '\\.test\\.tsx?$',
  '^(core|app|frontend)/test/',
  '/testing/',
  '^(core|app|frontend)/vite(st)?\\.config\\.ts$',
]

const layerRules = layers.flatMap((folders, level) => {
  const higher = layers.slice(level + 1).flat()
  return higher.length === 0
    ? []
    : [
        {
          name: `core-layer-${level}`,
          comment: `${folders.join(', ')} may not know a higher layer.`,
          severity: 'error',
          from: { path: `^core/src/(${folders.join('|')})/`, pathNot: tests },
          to: { path: `^core/src/(${higher.join('|')})/` },
        },
      ]
})

export default {
  forbidden: [
    ...layerRules,
    {
      name: 'core-known-folder',
      comment: 'A new folder of core gets a layer in .dependency-cruiser.mjs first.',
      severity: 'error',
      from: {},
      to: { path: '^core/src/[^/]+/', pathNot: `^core/src/(${[...known, 'testing'].join('|')})/` },
    },
    {
      name: 'core-entries-are-the-top',
      comment: 'Nothing inside core imports its entries.',
      severity: 'error',
      from: { path: '^core/src/', pathNot: ['^core/src/(node|index|people)\\.ts$', ...tests] },
      to: { path: '^core/src/[^/]+\\.ts$' },
    },
    {
      name: 'old-clients-apart',
      comment: 'Nothing of conversations by NIP-17 can reach those by NIP-04: neither knows the code of the other.',
      severity: 'error',
      from: { path: '^core/src/chat/legacy/', pathNot: tests },
      to: { path: '^core/src/chat/', pathNot: '^core/src/chat/(legacy/|slots\\.ts$|view\\.ts$)' },
    },
    {
      name: 'old-clients-apart-from-the-rest',
      comment: 'The same the other way round.',
      severity: 'error',
      from: { path: '^core/src/chat/', pathNot: ['^core/src/chat/(legacy/|index\\.ts$)', ...tests] },
      to: { path: '^core/src/chat/legacy/' },
    },
    {
      name: 'core-knows-no-one',
      comment: 'core is the library: it depends on neither app nor frontend.',
      severity: 'error',
      from: { path: '^core/' },
      to: { path: '^(app|frontend|e2e|bench)/' },
    },
    {
      name: 'app-and-frontend-apart',
      comment: 'app and frontend meet only through core and the wire.',
      severity: 'error',
      from: { path: '^(app|frontend)/' },
      to: { path: '^(app|frontend|e2e|bench)/', pathNot: '^$1/' },
    },
    {
      name: 'core-through-its-entries',
      comment: 'Other packages use what core publishes.',
      severity: 'error',
      from: { path: '^(app|frontend|e2e|bench)/' },
      to: {
        path: '^core/',
        pathNot:
          '^core/src/(index|node|people|vault/index|doctor/index|nostr/index|chat/index|files/index|pictures/index|testing/index|signalling/carriers/relay/wire/index)\\.ts$',
      },
    },
    {
      name: 'frontend-is-a-browser',
      comment: 'The page uses the isomorphic entry of core and nothing of Node.',
      severity: 'error',
      from: { path: '^frontend/src/', pathNot: tests },
      to: { path: '^core/src/(node\\.ts$|testing/)' },
    },
    {
      name: 'node-only-at-the-rim',
      comment: 'Outside its Node rim core uses no package but audited cryptography, and nothing of Node.',
      severity: 'error',
      from: { path: '^core/src/', pathNot: [...nodeRim, ...coreTests] },
      // an unresolved path is the business of the rule “resolvable”
      to: { pathNot: ['^core/src/', '^\\.', '/@noble/(hashes|curves|ciphers)/', '/@scure/bip39/'] },
    },
    {
      name: 'node-rim-behind-its-entry',
      comment: 'Only core/src/node.ts hands out the Node rim, so that no browser bundle can hold it.',
      severity: 'error',
      from: { path: '^core/src/', pathNot: [...nodeRim, ...coreTests] },
      to: { path: nodeRim },
    },
    {
      name: 'frontend-no-node',
      comment: 'The page has no Node modules.',
      severity: 'error',
      from: { path: '^frontend/src/', pathNot: tests },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'features-apart',
      comment: 'A feature never imports another one.',
      severity: 'error',
      from: { path: '^frontend/src/features/([^/]+)/' },
      to: { path: '^frontend/src/features/', pathNot: '^frontend/src/features/$1/' },
    },
    {
      name: 'frontend-ui-is-lowest',
      comment: 'Presentational parts know neither a session nor a feature.',
      severity: 'error',
      from: { path: '^frontend/src/(ui|text)/' },
      to: { path: '^frontend/src/(app|session|features)/' },
    },
    {
      name: 'session-below-features',
      comment: 'The session does not know who shows it.',
      severity: 'error',
      from: { path: '^frontend/src/session/' },
      to: { path: '^frontend/src/(app|features)/' },
    },
    {
      name: 'production-without-tests',
      comment: 'Production code never imports a test or a test double.',
      severity: 'error',
      from: { path: '^(core|app|frontend)/src/', pathNot: tests },
      to: { path: tests },
    },
    {
      name: 'app-without-dev-dependencies',
      comment: 'What the node runs is a dependency, not a development one.',
      severity: 'error',
      from: { path: '^app/src/', pathNot: tests },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      // assets the bundler resolves
      to: { couldNotResolve: true, pathNot: '\\?(url|worker|raw)$|^virtual:' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|node_modules/\\.)/|\\.cache/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@p2pigeon/source', 'import', 'browser', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.css'],
    },
  },
}
