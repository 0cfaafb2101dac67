import { describe, expect, it } from 'vitest'
import type { CapturedFunction } from '../../src/adapter.ts'
import { FunctionTable } from '../../src/normalize/functions.ts'
import type { PathRules } from '../../src/normalize/paths.ts'
import { filePathOf, locate } from '../../src/normalize/paths.ts'

const rules: PathRules = { projectRoot: '/srv/app', ownFiles: ['/srv/profiler/src/'] }

describe('the path of a script', () => {
  it.each([
    ['file:///srv/app/a.ts', '/srv/app/a.ts'],
    ['file:///srv/my%20app/100%25/%C3%BC.ts', '/srv/my app/100%/ü.ts'],
    ['file:///srv/100%/a.ts', '/srv/100%/a.ts'],
    ['file:///srv/app/a.ts?v=17#x', '/srv/app/a.ts'],
    ['file:///srv/a%23b%3Fc.ts', '/srv/a#b?c.ts'],
    ['file:///C:/app/src/a.ts', 'C:/app/src/a.ts'],
    ['C:\\app\\src\\a.ts', 'C:/app/src/a.ts'],
    ['/srv/app/a.cjs', '/srv/app/a.cjs'],
    ['node:internal/timers', 'node:internal/timers'],
    ['https://esm.sh/zod?dev', 'https://esm.sh/zod?dev'],
    ['', ''],
  ])('%j is %j', (url, path) => {
    expect(filePathOf(url)).toBe(path)
  })
})

it('what `util.promisify` gives has one place, and the names of what it stands for', () => {
  const table = new FunctionTable(rules)
  const place = { url: 'node:internal/util', line: 477, column: 15 }
  const names = ['readFile', 'scrypt', 'readFile', '', 'scrypt', 'gzip']
  const indexes = names.map((name) => table.intern({ name, ...place }))
  expect(indexes).toEqual([0, 1, 0, 0, 1, 2])
  expect(table.records.map(({ name }) => name)).toEqual(['readFile', 'scrypt', 'gzip'])
})

it('a function of the runtime stays one, whether it is named with its object or without, or not at all', () => {
  const table = new FunctionTable(rules)
  const place = { url: 'node:net', line: 1200, column: 41 }
  for (const name of ['', 'connect', 'Socket.connect']) {
    table.intern({ name, ...place })
  }
  expect(table.records.map(({ name }) => name)).toEqual(['connect'])
})

describe('whose a file is', () => {
  it.each([
    ['/srv/app/src/a.ts', 'app', 'src/a.ts', undefined],
    ['/srv/application/a.ts', 'app', '/srv/application/a.ts', undefined],
    ['/elsewhere/a.ts', 'app', '/elsewhere/a.ts', undefined],
    ['/srv/app/node_modules/zod/lib/index.js', 'library', 'zod/lib/index.js', 'zod'],
    ['/srv/app/node_modules/@hono/zod/dist/a.js', 'library', '@hono/zod/dist/a.js', '@hono/zod'],
    ['/srv/app/node_modules/.pnpm/zod@3.1.0/node_modules/zod/a.js', 'library', 'zod/a.js', 'zod'],
    ['/srv/app/node_modules/a/node_modules/b/i.js', 'library', 'b/i.js', 'b'],
    [
      '/srv/app/node_modules/hono-profiler/dist/i.js',
      'profiler',
      'hono-profiler/dist/i.js',
      'hono-profiler',
    ],
    ['/srv/profiler/src/profiler.ts', 'profiler', '/srv/profiler/src/profiler.ts', undefined],
    ['/srv/app/node_modules_old/a.js', 'app', 'node_modules_old/a.js', undefined],
    [
      'node:internal/process/task_queues',
      'runtime',
      'node:internal/process/task_queues',
      undefined,
    ],
    ['node:fs', 'runtime', 'node:fs', undefined],
    ['', 'native', '', undefined],
  ])('%j: %s', (file, origin, fileShort, owner) => {
    expect(locate(file, rules)).toEqual(
      owner === undefined ? { origin, fileShort } : { origin, fileShort, package: owner }
    )
  })

  it('is the application’s on Windows too', () => {
    const windows = new FunctionTable({ projectRoot: 'C:\\srv\\app\\', ownFiles: [] })
    const fn = { name: 'f', line: 1, column: 1 }
    windows.intern({ ...fn, url: 'file:///C:/srv/app/src/a.ts' })
    windows.intern({ ...fn, url: 'C:\\srv\\app\\node_modules\\zod\\a.js' })
    expect(windows.records.map(({ fileShort, origin }) => [fileShort, origin])).toEqual([
      ['src/a.ts', 'app'],
      ['zod/a.js', 'library'],
    ])
  })

  it('has no short name without a project', () => {
    expect(locate('/a.ts', { projectRoot: '', ownFiles: [] }).fileShort).toBe('/a.ts')
  })
})

describe('functions', () => {
  const url = 'file:///srv/app/a.ts'
  const sampled = (name: string, column: number, line = 3): CapturedFunction => ({
    name,
    url,
    line,
    column,
  })
  const called = (name: string, column: number, line = 3): CapturedFunction => ({
    ...sampled(name, column, line),
    isAtToken: true,
  })
  const countOf = (...functions: CapturedFunction[]): number => {
    const table = new FunctionTable(rules)
    functions.forEach((fn) => table.intern(fn))
    return table.records.length
  }

  it('are one where samples and call sites name two ends of its head', () => {
    // `async function load(id) {` in column 1: the sampler says 20, a call site 1.
    expect(countOf(sampled('load', 20), called('load', 1))).toBe(1)
    expect(countOf(called('load', 1), sampled('load', 20))).toBe(1)
  })

  it('are one when they have no name', () => {
    // `async function (c) {` in column 15: the sampler says 30, a call site 15.
    expect(countOf(called('', 15), sampled('', 30))).toBe(1)
    // Arrow functions begin at their parameters for both.
    expect(countOf(called('', 15), sampled('', 15))).toBe(1)
  })

  it('are two when two of one name share a line', () => {
    // `const a = { get() {} }, b = { get() {} }`
    const functions = [called('get', 13), sampled('get', 16), called('get', 31), sampled('get', 34)]
    expect(countOf(...functions)).toBe(2)
    expect(countOf(...functions.reverse())).toBe(2)
  })

  it('are two when they only have the same name', () => {
    expect(countOf(sampled('load', 20, 3), sampled('load', 20, 4))).toBe(2)
    expect(countOf(sampled('load', 20), called('load', 1, 4))).toBe(2)
  })

  it('without a file are one for each name', () => {
    const native = (name: string): CapturedFunction => ({ name, url: '', line: 0, column: 0 })
    expect(countOf(native('now'), native('now'), native('parse'))).toBe(2)
  })

  it('have the better of two names', () => {
    const table = new FunctionTable(rules)
    table.intern(sampled('', 5))
    table.intern(called('handler', 5))
    expect(table.records.map(({ name }) => name)).toEqual(['handler'])
  })

  it('say where they are defined', () => {
    const table = new FunctionTable(rules)
    table.intern(sampled('load', 20))
    expect(table.records[0]).toEqual({
      name: 'load',
      file: '/srv/app/a.ts',
      fileShort: 'a.ts',
      line: 3,
      column: 20,
      origin: 'app',
    })
  })
})
