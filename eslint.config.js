import js from '@eslint/js'
import jsxA11y from 'eslint-plugin-jsx-a11y'
import reactHooks from 'eslint-plugin-react-hooks'
import globals from 'globals'
import tseslint from 'typescript-eslint'
import house from './tooling/eslint/index.mjs'

const tests = ['**/*.test.{ts,tsx}', '**/test/**', '**/testing/**', 'e2e/**', 'bench/**']
const production = ['core/src/**/*.ts', 'app/src/**/*.ts', 'frontend/src/**/*.{ts,tsx}']

const plainError = {
  selector: ":matches(NewExpression, CallExpression)[callee.name='Error']",
  message: 'Throw one of the error families of core/src/errors: each failure is named and carries a code.',
}
const weakRandom = {
  object: 'Math',
  property: 'random',
  message: 'Take random bytes from the Random port (core) or from crypto.getRandomValues.',
}
const portMessage = 'Time comes from the Clock port, so that tests own it.'

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '.cache/**', '**/test-results/**', '**/playwright-report/**'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    files: ['**/*.{js,mjs,cjs}'],
    languageOptions: { globals: globals.node },
  },
  {
    files: ['frontend/public/**/*.js'],
    languageOptions: { globals: globals.browser },
  },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // `() => scope.end()` is how an undo is written
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidOperator: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // an async method that need not wait still keeps its contract: it rejects and never throws
      '@typescript-eslint/require-await': 'off',
      // our spread strings are ASCII alphabets and test words
      '@typescript-eslint/no-misused-spread': 'off',
      // deliberate no-ops of fakes and of owners with nothing to undo
      '@typescript-eslint/no-empty-function': 'off',
      // `while (true)` with a return inside is the plainest reading loop
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
    },
  },
  {
    files: ['core/**/*.{ts,tsx}', 'app/**/*.{ts,tsx}', 'frontend/**/*.{ts,tsx}', 'e2e/**/*.ts', 'bench/**/*.ts'],
    plugins: { house },
    rules: { 'house/file-name': 'error' },
  },
  {
    files: production,
    plugins: { house },
    rules: {
      'house/only-through-index': 'error',
      'no-restricted-syntax': ['error', plainError],
      'no-restricted-properties': ['error', weakRandom],
    },
  },
  {
    files: ['core/src/*/**/index.ts', 'app/src/*/**/index.ts', 'frontend/src/*/**/index.ts'],
    plugins: { house },
    rules: { 'house/folder-header': 'error' },
  },
  {
    files: ['core/src/**/*.ts', 'frontend/src/**/*.{ts,tsx}'],
    rules: { 'no-console': 'error' },
  },
  {
    files: ['core/src/**/*.ts'],
    ignores: ['core/src/runtime/**'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['setTimeout', 'setInterval', 'setImmediate', 'performance'].map((name) => ({ name, message: portMessage })),
      ],
      'no-restricted-properties': ['error', weakRandom, { object: 'Date', property: 'now', message: portMessage }],
    },
  },
  {
    files: ['frontend/src/**/*.tsx'],
    extends: [jsxA11y.flatConfigs.recommended],
  },
  {
    files: ['frontend/src/**/*.{ts,tsx}'],
    extends: [reactHooks.configs.flat.recommended],
  },
  {
    files: tests,
    rules: {
      'house/only-through-index': 'off',
      'no-console': 'off',
      'no-restricted-syntax': 'off',
      'no-restricted-properties': 'off',
      'no-restricted-globals': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
    },
    plugins: { house },
  },
)
