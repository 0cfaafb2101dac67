import honoConfig from '@hono/eslint-config'
import { defineConfig } from 'eslint/config'

const model = ['session', 'session.ts', 'processors.ts', 'analysis']

// What each room of src may import besides itself. Rooms that are not listed may import any.
const mayImport = {
  session: [],
  'processors.ts': ['session'],
  analysis: ['session'],
  'session.ts': ['session', 'analysis', 'store/file-system.ts'],
  render: [...model, 'pprof', 'report/page.generated.ts'],
  report: [...model, 'pprof', 'render'],
  pprof: [],
  'adapter.ts': ['session', 'store/file-system.ts'],
  capture: ['session', 'adapter.ts'],
  normalize: [...model, 'pprof', 'adapter.ts'],
  source: ['session', 'adapter.ts', 'normalize', 'analysis'],
}

const zones = Object.entries(mayImport).map(([room, others]) => ({
  target: `./src/${room}`,
  from: './src',
  except: [room, ...others].map((path) => `./${path}`),
  message: `src/${room} may import only: ${others.join(', ') || 'itself'}.`,
}))

const runtimeModules = ['node:*', 'bun', 'bun:*', 'cloudflare:*']
const runtimeGlobals = ['process', 'Buffer', 'Bun', 'Deno', 'require']

export default defineConfig(
  { ignores: ['dist/', '.bench/', 'coverage/', 'test/fixtures/', 'src/report/page.generated.ts'] },
  honoConfig,
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    // Else the order of imports would depend on whether dist is there.
    settings: { 'import-x/internal-regex': '^hono-profiler' },
    rules: {
      // An index that the code has just checked: noUncheckedIndexedAccess asks for the mark.
      '@typescript-eslint/no-non-null-assertion': 'off',
      'n/no-process-exit': 'off',
      // Empty strings of the environment, and headers that are '', mean nothing as undefined does.
      '@typescript-eslint/prefer-nullish-coalescing': 'off',
      // isolatedDeclarations wants the type on the left.
      '@typescript-eslint/consistent-generic-constructors': 'off',
    },
  },
  {
    files: ['runtimes/common/cli/main.ts'],
    // It is the source of the package's bin.
    rules: { 'n/hashbang': 'off' },
  },
  {
    files: ['bench/**'],
    // They measure what the rules advise against.
    rules: {
      '@typescript-eslint/await-thenable': 'off',
      '@typescript-eslint/no-base-to-string': 'off',
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-implied-eval': 'off',
    },
  },
  {
    files: ['scripts/**'],
    // JavaScript can say what parsed JSON is only in a comment, which this rule does not read.
    rules: { '@typescript-eslint/no-unsafe-assignment': 'off' },
  },
  {
    files: ['src/**', 'runtimes/**'],
    rules: { 'max-lines': ['error', { max: 350, skipBlankLines: true, skipComments: true }] },
  },
  {
    files: ['src/**'],
    rules: {
      'no-restricted-imports': ['error', { patterns: [{ group: runtimeModules }] }],
      'no-restricted-globals': ['error', ...runtimeGlobals, 'document'],
      'import-x/no-restricted-paths': [
        'error',
        { zones: [...zones, { target: './src', from: '.', except: ['./src', './node_modules'] }] },
      ],
    },
  },
  {
    files: ['src/report/**'],
    rules: { 'no-restricted-globals': ['error', ...runtimeGlobals] },
  }
)
