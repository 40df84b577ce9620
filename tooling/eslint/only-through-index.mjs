import { basename, dirname, relative, resolve } from 'node:path'

/**
 * A folder is entered through its index: a relative import may name a file of its own folder or of a folder around it,
 * and elsewhere only an `index.ts`.
 */
export default {
  meta: {
    type: 'problem',
    docs: { description: 'forbid importing the inner files of another folder' },
    messages: { inner: 'Import the folder’s index, not its inner file: {{path}}' },
    schema: [],
  },
  create(context) {
    const here = dirname(context.filename)
    const check = (source) => {
      const path = source?.value
      if (typeof path !== 'string' || !path.startsWith('.')) return
      // assets are no modules of a folder
      if (!/\.tsx?$/.test(path)) return
      const target = resolve(here, path)
      const outside = relative(dirname(target), here).startsWith('..')
      if (outside && !/^index\.tsx?$/.test(basename(target)))
        context.report({ node: source, messageId: 'inner', data: { path } })
    }
    return {
      ImportDeclaration: (node) => check(node.source),
      ExportNamedDeclaration: (node) => check(node.source),
      ExportAllDeclaration: (node) => check(node.source),
      ImportExpression: (node) => check(node.source),
    }
  },
}
