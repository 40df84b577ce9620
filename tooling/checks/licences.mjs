import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../lib/root.mjs'

/** Licences whose code may be combined with, or used to build, a work under AGPL-3.0-only. */
const allowed = new Set([
  '0BSD',
  'AGPL-3.0-only',
  'AGPL-3.0-or-later',
  'Apache-2.0',
  'Artistic-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC-BY-3.0',
  'CC-BY-4.0',
  'CC0-1.0',
  'GPL-3.0-only',
  'GPL-3.0-or-later',
  'ISC',
  'LGPL-3.0-only',
  'LGPL-3.0-or-later',
  'MIT',
  'MIT-0',
  'MPL-2.0',
  'Python-2.0',
  'Unlicense',
  'WTFPL',
  'Zlib',
])

/** Spellings in package.json files that are no SPDX identifiers. */
const spellings = { 'MPL 2.0': 'MPL-2.0' }

/** True if an SPDX expression can be satisfied: one side of every OR, both sides of every AND. */
export function isAllowed(expression) {
  const text = expression.trim().replace(/^\((.*)\)$/, (whole, inner) => (/^[^()]*$/.test(inner) ? inner : whole))
  if (/ OR /.test(text)) return text.split(' OR ').some(isAllowed)
  if (/ AND /.test(text)) return text.split(' AND ').every(isAllowed)
  return allowed.has(spellings[text] ?? text)
}

/** Every package of the lockfile: name, version, and whether only some platforms install it. */
export function lockedPackages(lockfile) {
  const [packages = '', snapshots = ''] = (lockfile.split(/^packages:$/m)[1] ?? '').split(/^snapshots:$/m)
  const entries = (section) =>
    section
      .split(/^ {2}(?=\S)/m)
      .slice(1)
      .map((text) => ({ key: text.slice(0, text.search(/:(?: \{\})?\n/)).replace(/^'|'$/g, ''), text }))
  const optional = new Set(
    entries(snapshots)
      .filter(({ text }) => /^ {4}optional: true$/m.test(text))
      .map(({ key }) => key.replace(/\(.*$/, '')),
  )
  return entries(packages).map(({ key }) => {
    const at = key.lastIndexOf('@')
    return { name: key.slice(0, at), version: key.slice(at + 1), optional: optional.has(key) }
  })
}

const licenceOf = ({ license, licenses }) =>
  (typeof license === 'object' ? license?.type : license) ?? licenses?.map((one) => one.type ?? one).join(' OR ')

/** @returns {string[]} one line for every dependency, of production or of development, that must not be used. */
export function checkLicences() {
  const store = join(root, 'node_modules', '.pnpm')
  const folders = readdirSync(store)
  const faults = []
  for (const { name, version, optional } of lockedPackages(readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8'))) {
    const prefix = `${name.replace('/', '+')}@${version}`
    const folder = folders.find((candidate) => candidate === prefix || candidate.startsWith(`${prefix}_`))
    const manifest = folder && join(store, folder, 'node_modules', name, 'package.json')
    if (!manifest || !existsSync(manifest)) {
      // it belongs to another platform, where this check reads it
      if (!optional) faults.push(`${name}@${version} is in the lockfile and not installed`)
      continue
    }
    const licence = licenceOf(JSON.parse(readFileSync(manifest, 'utf8')))
    if (!licence) faults.push(`${name}@${version} names no licence`)
    else if (!isAllowed(licence)) faults.push(`${name}@${version} has the licence ${licence}, which is not on the list`)
  }
  return faults
}
