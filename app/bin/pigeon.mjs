#!/usr/bin/env node
import { existsSync } from 'node:fs'

const built = new URL('../dist/cli/main.js', import.meta.url)

if (existsSync(built)) await import(built.href)
else {
  console.error('pigeon is not built yet: run npm start or pnpm build in the repository first.')
  process.exitCode = 1
}
