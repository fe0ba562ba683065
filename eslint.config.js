import tseslint from 'typescript-eslint'

export default tseslint.config(
  { ignores: ['dist/', '.tap/', 'node_modules/', 'eslint.config.js', 'test/coverage.js'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { project: './tsconfig.json' } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      'no-console': 'error',
      'no-control-regex': 'off',
    },
  },
  {
    // tap collects what it is not awaited for: a test is a promise the runner holds
    files: ['test/**'],
    rules: { '@typescript-eslint/no-floating-promises': 'off' },
  },
)
