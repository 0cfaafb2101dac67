import { defineConfig } from 'vitest/config'
import { fileURLToPath } from 'node:url'

const fromRoot = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** What starts programs and measures no time: it takes longest, and can share the machine. */
const UNTIMED = ['test/runtimes/{many-requests,sources}/**/*.test.ts']

// Groups run one after the other, so nothing shares the machine with the tests that measure time.
export default defineConfig({
  resolve: {
    alias: [{ find: /^hono-profiler$/, replacement: fromRoot('runtimes/node/index.ts') }],
  },
  test: {
    // Most tests time real requests, and machines are shared: somebody else's burst is over at the next try, a mistake is not.
    retry: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: ['test/{browser,package,runtimes,truth}/**'],
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.{ts,tsx}'],
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 300_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'package',
          include: ['test/package/**/*.test.ts'],
          globalSetup: 'test/package/pack.ts',
          maxWorkers: '100%',
          // Each test starts several programs.
          testTimeout: 120_000,
          hookTimeout: 300_000,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: 'untimed',
          include: UNTIMED,
          maxWorkers: '100%',
          testTimeout: 120_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: 'runtimes',
          include: ['test/runtimes/**/*.test.ts'],
          exclude: UNTIMED,
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 3 },
        },
      },
      {
        extends: true,
        test: {
          name: 'truth',
          include: ['test/truth/**/*.test.ts'],
          fileParallelism: false,
          // On a busy machine what was disturbed is measured again, up to ten times.
          testTimeout: 180_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 4 },
        },
      },
    ],
  },
})
