import { basename } from 'node:path'

const kebab = /^[a-z0-9]+(?:-[a-z0-9]+)*$/
const pascal = /^[A-Z][A-Za-z0-9]*$/

/** One spelling for file names: `kebab-case.ts`, and `PascalCase.tsx` for the component inside. */
export default {
  meta: {
    type: 'suggestion',
    docs: { description: 'require kebab-case.ts and PascalCase.tsx' },
    messages: {
      kebab: 'Name this file in kebab-case: {{name}}',
      pascal: 'Name this component file in PascalCase: {{name}}',
    },
    schema: [],
  },
  create(context) {
    return {
      Program() {
        const name = basename(context.filename)
        const [stem = ''] = name.split('.')
        const component = name.endsWith('.tsx') && stem !== 'main'
        if (!(component ? pascal : kebab).test(stem))
          context.report({ loc: { line: 1, column: 0 }, messageId: component ? 'pascal' : 'kebab', data: { name } })
      },
    }
  },
}
