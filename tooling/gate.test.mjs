import assert from 'node:assert/strict'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { ESLint, Linter } from 'eslint'
import { faultsInTable } from './checks/hostile-cases.mjs'
import { faultsIn, registryHosts } from './checks/hygiene.mjs'
import { isAllowed, lockedPackages } from './checks/licences.mjs'
import { firstLoadScripts } from './checks/size.mjs'
import house from './eslint/index.mjs'
import { root } from './lib/root.mjs'
import { runNode } from './lib/run.mjs'

/* Every rule of the gate is shown to turn red here: a rule that cannot fail guards nothing. */

describe('lint', () => {
  const eslint = new ESLint({ cwd: root })
  const header = '/**\n * Purpose. a\n * Promises. b\n * Does not. c\n * May import. d\n */\n'

  /** Rules that a text breaks when it stands in the place of a file that exists. */
  async function rulesBroken(path, text) {
    const [result] = await eslint.lintText(text, { filePath: join(root, path) })
    return result.messages.map(({ ruleId, message }) => ruleId ?? message)
  }

  const planted = [
    ['core/src/lifetime/scope.ts', "export const f = () => { throw new Error('x') }\n", 'no-restricted-syntax'],
    ['core/src/lifetime/scope.ts', 'export const f = () => Math.random()\n', 'no-restricted-properties'],
    ['core/src/lifetime/scope.ts', 'export const f = () => Date.now()\n', 'no-restricted-properties'],
    ['core/src/lifetime/scope.ts', 'export const f = (g: () => void) => setTimeout(g, 1)\n', 'no-restricted-globals'],
    ['core/src/lifetime/scope.ts', "console.log('x')\n", 'no-console'],
    ['core/src/lifetime/scope.ts', 'Promise.resolve(1)\n', '@typescript-eslint/no-floating-promises'],
    ['core/src/lifetime/scope.ts', 'export const f = (x: any) => x as string\n', '@typescript-eslint/no-explicit-any'],
    ['core/src/lifetime/scope.ts', '// @ts-ignore\nexport const f = 1\n', '@typescript-eslint/ban-ts-comment'],
    ['core/src/lifetime/scope.ts', "export * from '../errors/pigeon-error.ts'\n", 'house/only-through-index'],
    ['core/src/lifetime/index.ts', "export { Scope } from './scope.ts'\n", 'house/folder-header'],
  ]
  for (const [path, text, rule] of planted)
    test(`${rule}: ${text.trim()}`, async () => {
      const broken = await rulesBroken(path, text)
      assert.ok(broken.includes(rule), `only ${broken.join(', ')}`)
    })

  test('an honest index passes', async () => {
    assert.deepEqual(
      await rulesBroken('core/src/lifetime/index.ts', `${header}export { Scope } from './scope.ts'\n`),
      [],
    )
  })

  test('file names', () => {
    const linter = new Linter({ cwd: root })
    const faults = (filename) =>
      linter
        .verify(
          '',
          [{ files: ['**/*.ts', '**/*.tsx'], plugins: { house }, rules: { 'house/file-name': 'error' } }],
          filename,
        )
        .map(({ messageId }) => messageId)
    for (const good of ['room-view.ts', 'scope.test.ts', 'hyperdht.d.ts', 'Tile.tsx', 'Tile.test.tsx', 'main.tsx'])
      assert.deepEqual(faults(good), [], good)
    for (const bad of ['RoomView.ts', 'roomView.ts', 'room_view.ts']) assert.deepEqual(faults(bad), ['kebab'], bad)
    for (const bad of ['tile.tsx', 'room-tile.tsx']) assert.deepEqual(faults(bad), ['pascal'], bad)
  })

  test('rules for React and for accessible names', async () => {
    const config = await eslint.calculateConfigForFile(join(root, 'frontend/src/ui/Planted.tsx'))
    for (const rule of ['react-hooks/rules-of-hooks', 'react-hooks/exhaustive-deps', 'jsx-a11y/alt-text'])
      assert.notEqual(config.rules[rule]?.[0] ?? 0, 0, rule)
    const linter = new Linter({ cwd: root })
    const { plugins, languageOptions } = config
    const messages = linter.verify(
      "import { useState } from 'react'\nexport const A = () => { if (A.x) useState(1); return <img src='x' /> }\n",
      [
        {
          files: ['**/*.tsx'],
          plugins,
          languageOptions: { parser: languageOptions.parser, parserOptions: { ecmaFeatures: { jsx: true } } },
          rules: { 'react-hooks/rules-of-hooks': 'error', 'jsx-a11y/alt-text': 'error' },
        },
      ],
      'Planted.tsx',
    )
    assert.deepEqual(messages.map(({ ruleId }) => ruleId).sort(), ['jsx-a11y/alt-text', 'react-hooks/rules-of-hooks'])
  })
})

describe('layers and cycles', () => {
  let folder
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'gate-'))
    for (const file of ['tsconfig.base.json', '.dependency-cruiser.mjs']) cpSync(join(root, file), join(folder, file))
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  /** Rules broken by these files and no others. */
  async function rulesBroken(files) {
    for (const name of ['core', 'app', 'frontend', 'e2e', 'bench']) {
      rmSync(join(folder, name), { recursive: true, force: true })
      mkdirSync(join(folder, name))
    }
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    const tool = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs')
    const args = [
      '--config',
      '.dependency-cruiser.mjs',
      '--output-type',
      'json',
      'core',
      'app',
      'frontend',
      'e2e',
      'bench',
    ]
    const { output } = await runNode(tool, args, { cwd: folder })
    const { summary } = JSON.parse(output.slice(output.indexOf('{'), output.lastIndexOf('}') + 1))
    return [...new Set(summary.violations.map(({ rule }) => rule.name))].sort()
  }

  const imports = (from, to, extra = {}) => {
    const up = '../'.repeat(from.split('/').length - 1)
    return { [from]: `import { x } from '${up}${to}'\nexport const y = x\n`, [to]: 'export const x = 1\n', ...extra }
  }
  const planted = [
    ['a lower layer knows a higher one', imports('core/src/crypto/a.ts', 'core/src/room/index.ts'), 'core-layer-1'],
    [
      'types count as well',
      {
        'core/src/link/a.ts': "import type { X } from '../peer/index.ts'\nexport type Y = X\n",
        'core/src/peer/index.ts': 'export type X = 1\n',
      },
      'core-layer-4',
    ],
    ['a folder without a layer', imports('core/src/room/a.ts', 'core/src/helpers/index.ts'), 'core-known-folder'],
    ['core imports its entry', imports('core/src/room/a.ts', 'core/src/index.ts'), 'core-entries-are-the-top'],
    ['core knows app', imports('core/src/room/a.ts', 'app/src/a.ts'), 'core-knows-no-one'],
    ['app knows frontend', imports('app/src/a.ts', 'frontend/src/a.ts'), 'app-and-frontend-apart'],
    ['frontend knows app', imports('frontend/src/a.ts', 'app/src/a.ts'), 'app-and-frontend-apart'],
    ['app reaches into core', imports('app/src/a.ts', 'core/src/room/index.ts'), 'core-through-its-entries'],
    ['the page takes the Node entry', imports('frontend/src/a.ts', 'core/src/node.ts'), 'frontend-is-a-browser'],
    [
      'a Node module in core',
      { 'core/src/room/a.ts': "import { readFileSync } from 'node:fs'\nexport const y = readFileSync\n" },
      'node-only-at-the-rim',
    ],
    [
      'a Node module in the page',
      { 'frontend/src/a.ts': "import { readFileSync } from 'node:fs'\nexport const y = readFileSync\n" },
      'frontend-no-node',
    ],
    [
      'core reaches its Node rim',
      imports('core/src/room/a.ts', 'core/src/runtime/node/index.ts'),
      'node-rim-behind-its-entry',
    ],
    [
      'a feature knows another',
      imports('frontend/src/features/room/a.ts', 'frontend/src/features/dashboard/index.ts'),
      'features-apart',
    ],
    [
      'a button knows the session',
      imports('frontend/src/ui/a.ts', 'frontend/src/session/index.ts'),
      'frontend-ui-is-lowest',
    ],
    [
      'the session knows a feature',
      imports('frontend/src/session/a.ts', 'frontend/src/features/room/index.ts'),
      'session-below-features',
    ],
    [
      'production uses a test double',
      imports('core/src/room/a.ts', 'core/src/testing/index.ts'),
      'production-without-tests',
    ],
    [
      'a cycle',
      {
        'core/src/room/a.ts': "import { b } from './b.ts'\nexport const a = () => b\n",
        'core/src/room/b.ts': "import { a } from './a.ts'\nexport const b = () => a\n",
      },
      'no-cycles',
    ],
    ['a path to nowhere', { 'core/src/room/a.ts': "export { b } from './b.ts'\n" }, 'resolvable'],
  ]
  for (const [what, files, rule] of planted)
    test(`${rule}: ${what}`, async () => {
      assert.ok((await rulesBroken(files)).includes(rule))
    })

  test('what is allowed passes', async () => {
    assert.deepEqual(
      await rulesBroken({
        ...imports('core/src/room/a.ts', 'core/src/crypto/index.ts'),
        ...imports('core/src/node.ts', 'core/src/runtime/node/index.ts'),
        'core/src/runtime/node/index.ts': "import { readFileSync } from 'node:fs'\nexport const x = readFileSync\n",
        ...imports('app/src/main.ts', 'core/src/node.ts'),
        'core/src/node.ts': "export { x } from './runtime/node/index.ts'\n",
      }),
      [],
    )
  })
})

test('licences', () => {
  for (const good of ['MIT', '(MIT OR GPL-2.0-only)', 'MIT AND ISC', '(Apache-2.0 AND MIT)', 'MPL 2.0'])
    assert.equal(isAllowed(good), true, good)
  for (const bad of [
    'GPL-2.0-only',
    'UNLICENSED',
    'SEE LICENSE IN LICENSE',
    'MIT AND SSPL-1.0',
    'BUSL-1.1',
    'CC-BY-NC-4.0',
    '',
  ])
    assert.equal(isAllowed(bad), false, bad)
  const lockfile = [
    "packages:\n\n  '@a/b@1.0.0':\n    resolution: {integrity: x}\n\n  c@2.0.0-rc.1:\n    resolution: {integrity: y}\n    os: [darwin]\n\n",
    "snapshots:\n\n  '@a/b@1.0.0': {}\n\n  c@2.0.0-rc.1(@a/b@1.0.0):\n    optional: true\n",
  ].join('')
  assert.deepEqual(lockedPackages(lockfile), [
    { name: '@a/b', version: '1.0.0', optional: false },
    { name: 'c', version: '2.0.0-rc.1', optional: true },
  ])
})

test('hosts and paths', () => {
  const here = ['/builds', 'checkout'].join('/')
  const known = { hosts: registryHosts('https://mirror.example.net/npm/\n'), paths: [here] }
  const faults = (file, text) => faultsIn(file, text, known).length
  assert.equal(faults('a.md', 'npm from mirror.example.net\n'), 1)
  assert.equal(faults('a.md', `from ${['registry', 'npmjs', 'org'].join('.')}\n`), 1)
  assert.equal(faults('a.ts', `'${here}/core'`), 1)
  assert.equal(faults('a.ts', `'p2pigeon${here}'`), 0)
  assert.equal(faults('a.ts', ['', 'home', 'ada', 'x'].join('/')), 1)
  assert.equal(faults('a.ts', ['C:', 'Users', 'ada'].join('\\')), 1)
  assert.equal(faults('pnpm-lock.yaml', '    resolution: {tarball: https://elsewhere.example/x.tgz}\n'), 1)
  assert.equal(faults('a.ts', "import '/src/main.tsx' // https://example.org/home/page\n"), 0)
})

test('hostile cases', () => {
  const row = (id, outcome, tests) => `| ${id}  | an attack | ${outcome} | ${tests} |\n`
  const sections = ['A', 'B', 'C', 'D', 'E', 'G', 'H', 'I']
  const whole = sections.map((section) => row(`${section}1`, 'silence', '`a.test.ts`')).join('')
  const source = sections.map((section) => `it('${section}1: silence')\n`).join('')
  const faults = (table, files = { 'a.test.ts': source }) => faultsInTable(table, (file) => files[file])
  assert.deepEqual(faults(whole), [])
  assert.deepEqual(faults(whole + row('C11', 'silence', '`a.test.ts`: “C1: silence”')), [])
  assert.deepEqual(faults(whole + row('C12', 'not applicable: no such road', '')), [])
  assert.equal(faults(whole, {}).length, sections.length)
  assert.deepEqual(faults(whole + row('A1', 'silence', '`a.test.ts`')), ['A1 stands twice'])
  assert.deepEqual(faults(whole + row('A2', 'silence', '`a.test.ts`')), ['A2 is in no title of a.test.ts'])
  assert.deepEqual(faults(whole + row('A2', 'silence', '')), ['A2 names no test'])
  assert.deepEqual(faults(whole + row('A2', 'silence', '`a.test.ts`: “gone”')), [
    'A2 names a test that is not in a.test.ts: gone',
  ])
  assert.deepEqual(faults(whole + row('A2', 'not applicable: no such road', '`a.test.ts`')), [
    'A2 does not apply and names a test',
  ])
  assert.deepEqual(faults(whole.replace(/^.*B1.*\n/m, '')), ['no case of B'])
})

test('the first load counts entries, preloads and their static imports, not what is loaded later', () => {
  const files = {
    'assets/index.js': 'import{a as b}from"./shared.js";import"./effect.js";const later=()=>import("./later.js")',
    'assets/shared.js': 'export{x}from"./deep.js"',
    'assets/effect.js': '',
    'assets/deep.js': '',
    'assets/vendor.js': '',
  }
  const html =
    '<script type="module" crossorigin src="/assets/index.js"></script><link rel="modulepreload" crossorigin href="/assets/vendor.js"><link rel="stylesheet" href="/assets/a.css">'
  assert.deepEqual(
    firstLoadScripts(html, (path) => files[path]),
    ['assets/deep.js', 'assets/effect.js', 'assets/index.js', 'assets/shared.js', 'assets/vendor.js'],
  )
})
