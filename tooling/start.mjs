#!/usr/bin/env node
/*
 * `npm start`: from a fresh clone to a running node. Installs and builds only what changed since the last time, then
 * becomes the node's parent: signals go through, and so does its exit code.
 *
 * Starts on plain Node: nothing is imported from a dependency.
 */
import { constants } from 'node:os'
import { join } from 'node:path'
import { buildWhenNeeded } from './lib/build.mjs'
import { runTogether } from './lib/children.mjs'
import { loadDotEnv } from './lib/dot-env.mjs'
import { installWhenNeeded } from './lib/install.mjs'
import { onStop } from './lib/on-stop.mjs'
import { requireNode } from './lib/node-version.mjs'
import { root } from './lib/root.mjs'

requireNode()
loadDotEnv()
// Leaving by process.exit ends the installer or compiler at work as well.
const forget = onStop((signal) => process.exit(128 + constants.signals[signal]))
await installWhenNeeded()
await buildWhenNeeded()
forget()
// glibc makes up to eight arenas of memory for each processor, and each keeps what it had: with two the node stays smaller and is as fast (docs/benchmarks.md).
const env = { MALLOC_ARENA_MAX: process.env.MALLOC_ARENA_MAX ?? '2' }
process.exitCode = await runTogether([{ args: [join(root, 'app', 'dist', 'main.js')], env }])
