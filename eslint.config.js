import js from '@eslint/js'
import prettier from 'eslint-config-prettier'
import svelte from 'eslint-plugin-svelte'
import globals from 'globals'
import ts from 'typescript-eslint'
import { layers } from './scripts/layers.mjs'

/** One block per folder: what it may not import, with the way out in the message. */
const directionRules = layers.map(({ folder, forbidden, packages }) => ({
  files: [`${folder}/**/*.{ts,mjs,svelte}`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          ...forbidden.map((other) => ({
            // Core folders see each other as ../name, all others as src-core/name or src-name.
            regex: folder.startsWith('src-core/') ? `^(\\.\\./)+${other.replace('src-core/', '')}/` : `(^|/)${other}/`,
            message: `${folder} may not import ${other}: imports point one way (docs/architecture.md).`,
          })),
          ...packages.map((name) => ({
            regex: `^${name}(/|$)`,
            message: `${folder} may not use ${name}: it does not exist in that process (docs/architecture.md).`,
          })),
        ],
      },
    ],
  },
}))

export default ts.config(
  { ignores: ['node_modules', 'out', '.ablate', 'test-results', 'test/fixtures'] },
  js.configs.recommended,
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.node } },
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/no-explicit-any': 'error',
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      eqeqeq: 'error',
      'no-console': 'off',
    },
  },
  { files: ['test/**'], rules: { 'max-lines-per-function': 'off' } },
  {
    files: ['src-renderer/**', 'src-preload/**', 'test/unit/renderer/**', 'test/support/renderer/**'],
    languageOptions: { globals: { ...globals.browser } },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'] } },
    rules: { 'svelte/no-at-html-tags': 'error' },
  },
  ...directionRules,
  prettier,
  ...svelte.configs.prettier,
)
