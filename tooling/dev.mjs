#!/usr/bin/env node
/*
 * `pnpm dev`: the page with hot reload on 5173 and the node beside it, both straight from the sources and restarted by
 * changes. The page reaches the node through the dev server, at the port that PORT says.
 */
import { join } from 'node:path'
import { runTogether } from './lib/children.mjs'
import { loadDotEnv } from './lib/dot-env.mjs'
import { installWhenNeeded } from './lib/install.mjs'
import { requireNode } from './lib/node-version.mjs'
import { root } from './lib/root.mjs'

requireNode()
loadDotEnv()
await installWhenNeeded()

const port = process.env.PORT || '3060'
console.log('The page with hot reload: http://localhost:5173 (the node answers on its own port as well).')
process.exitCode = await runTogether([
  {
    args: [
      '--conditions=@p2pigeon/source',
      `--import=${import.meta.resolve('tsx')}`,
      '--watch',
      '--watch-preserve-output',
      join(root, 'app', 'src', 'main.ts'),
    ],
    env: { PORT: port },
  },
  {
    args: [join(root, 'frontend', 'node_modules', 'vite', 'bin', 'vite.js'), '--strictPort', '--clearScreen=false'],
    cwd: join(root, 'frontend'),
    env: { PIGEON_NODE_PORT: port },
  },
])
