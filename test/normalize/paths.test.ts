import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { filePathOf, locate } from '../../src/normalize/paths.ts'

const at = (url: string, projectRoot: string) => {
  const {
    origin,
    fileShort,
    package: owner,
  } = locate(filePathOf(url), { projectRoot, ownFiles: [] })
  return [origin, fileShort, owner]
}

describe('where a file belongs', () => {
  it.each([
    ['file:///srv/app/src/a.ts', '/srv/app', 'app', 'src/a.ts', undefined],
    [
      '/srv/repo/packages/db/src/a.ts',
      '/srv/repo/apps/api',
      'app',
      '../../packages/db/src/a.ts',
      undefined,
    ],
    ['/srv/other/a.ts', '/srv/app', 'app', '/srv/other/a.ts', undefined],
    ['file:///c:/repo/src/a.ts', 'C:\\repo', 'app', 'src/a.ts', undefined],
    ['C:\\repo\\node_modules\\hono\\dist\\a.js', 'c:\\repo', 'library', 'hono/dist/a.js', 'hono'],
    ['file://server/share/src/a.ts', '\\\\server\\share', 'app', 'src/a.ts', undefined],
    [
      '/srv/app/node_modules/.pnpm/hono@4.1.0/node_modules/hono/dist/compose.js',
      '/srv/app',
      'library',
      'hono/dist/compose.js',
      'hono',
    ],
    [
      '/srv/app/.yarn/cache/hono-npm-4.1.0-1a.zip/node_modules/hono/dist/a.js',
      '/srv/app',
      'library',
      'hono/dist/a.js',
      'hono',
    ],
    [
      '/srv/app/.yarn/__virtual__/pg-virtual-1a/0/cache/pg.zip/node_modules/pg/lib/a.js',
      '/srv/app',
      'library',
      'pg/lib/a.js',
      'pg',
    ],
    [
      'file:///root/.cache/deno/npm/npm.example.org/@scope/name/1.2.3/a.js',
      '/srv/app',
      'library',
      '@scope/name/a.js',
      '@scope/name',
    ],
    [
      'https://jsr.io/@std/path/1.0.0/join.ts',
      '/srv/app',
      'library',
      '@std/path/join.ts',
      '@std/path',
    ],
    ['https://deno.land/x/oak@v12.0.0/mod.ts', '/srv/app', 'library', 'oak/mod.ts', 'oak'],
    ['https://esm.sh/zod@3.22.0/lib/index.mjs', '/srv/app', 'library', 'zod/lib/index.mjs', 'zod'],
    ['node:internal/timers', '/srv/app', 'runtime', 'node:internal/timers', undefined],
    ['bun:sqlite', '/srv/app', 'runtime', 'bun:sqlite', undefined],
    ['', '/srv/app', 'native', '', undefined],
    [
      '/srv/app/node_modules/hono-profiler/dist/a.js',
      '/srv/app',
      'profiler',
      'hono-profiler/dist/a.js',
      'hono-profiler',
    ],
  ])('%s in %s', (url, root, ...expected) => {
    expect(at(url, root)).toEqual(expected)
  })

  it('is the same by path, by file URL, and on Windows', () => {
    const part = fc
      .stringMatching(/^[a-z0-9 %#_.-]{1,8}$/)
      .filter((text) => !/^\.+$/.test(text) && text !== 'node_modules')
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (parts) => {
        const encoded = parts.map(encodeURIComponent).join('/')
        const short = parts.join('/')
        expect(at(`file:///srv/app/${encoded}`, '/srv/app')).toEqual(['app', short, undefined])
        expect(at(`file:///d:/app/${encoded}`, 'D:\\app')).toEqual(['app', short, undefined])
        expect(at(`d:\\app\\${parts.join('\\')}`, 'D:\\app')).toEqual(['app', short, undefined])
      })
    )
  })
})
