import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { functionTimes } from '../../src/analysis/functions.ts'
import { processTree } from '../../src/processors.ts'
import { editorUrl, localPath, templateError } from '../../src/report/editor.ts'
import { relationsOf } from '../../src/report/functions/related.ts'
import { byOwnTime, sortFunctions, sortingAfter } from '../../src/report/functions/sorting.ts'
import type { PageLink } from '../../src/report/link.ts'
import { linkHash, parseLink } from '../../src/report/link.ts'
import { createPlaceLinks } from '../../src/report/place-links.ts'
import { findMatches, readSearch } from '../../src/report/search/search.ts'
import { sourceFiles } from '../../src/report/source/files.ts'
import { fileName } from '../../src/report/take-along/download.ts'
import { walk } from '../../src/session/frame.ts'
import type { FunctionRecord } from '../../src/session/records.ts'
import { buildCallTree } from '../../src/session/tree.ts'
import { arbitrarySession } from '../helpers/arbitrary-session.ts'
import { buildSession } from '../helpers/build-session.ts'
import { ordersSession } from '../helpers/orders-session.ts'
import { shopSession } from '../helpers/shop-session.ts'

describe('links', () => {
  const arbitraryLink: fc.Arbitrary<PageLink> = fc.record(
    {
      view: fc.string({ minLength: 1 }),
      at: fc.string({ minLength: 1 }),
      focus: fc.string({ minLength: 1 }),
      search: fc.string({ minLength: 1, unit: 'grapheme' }),
      from: fc.integer({ min: 0 }),
      to: fc.integer({ min: 0 }).map((us) => us / 1000),
    },
    { requiredKeys: [] }
  )

  it('say in the hash what is read from it', () => {
    fc.assert(
      fc.property(arbitraryLink, (link) => {
        expect(parseLink(linkHash(link))).toEqual(link)
      })
    )
  })

  it('leave out what cannot be read', () => {
    expect(parseLink('#from=-1&to=x&view=&at=')).toEqual({})
    expect(parseLink('')).toEqual({})
    expect(linkHash({})).toBe('')
  })
})

describe('place links', () => {
  const pathOf = (frame: { function: string; parent: unknown } | undefined): string[] =>
    frame ? [...pathOf(frame.parent as typeof frame), frame.function] : []

  it('find every frame of the call tree again', () => {
    fc.assert(
      fc.property(arbitrarySession, (data) => {
        const links = createPlaceLinks(data)
        for (const frame of walk(buildCallTree(data))) {
          const text = links.write(frame)
          if (frame.parent && text !== undefined) {
            const found = links.read(text)
            expect(pathOf(found).slice(1)).toEqual(pathOf(frame).slice(1))
          }
        }
      })
    )
  })

  it('find frames of a tree that leaves out their callers, and places in another recording', () => {
    const data = buildSession('lib:hono/dispatch@dist/compose.js:1;handler;lib:pg/query;[await] 9')
    const processed = processTree(buildCallTree(data))
    const wait = [...walk(processed)].find(({ function: name }) => name === '[await]')!
    const text = createPlaceLinks(data).write(wait)
    const other = buildSession(
      'before 3\nlib:hono/dispatch@dist/compose.js:1;handler@src/app.ts:40;lib:pg/query;[await] 2'
    )
    expect(createPlaceLinks(other).read(text)?.function).toBe('[await]')
    expect(createPlaceLinks(other).read(text)?.parent?.function).toBe('query')
  })

  it('are nothing for the request itself, and lead nowhere when unknown', () => {
    const links = createPlaceLinks(buildSession('handler 1'))
    expect(links.write(buildCallTree(buildSession('handler 1')))).toBeUndefined()
    for (const text of [undefined, '', 'zzzzzz', '.await', '1.none']) {
      expect(links.read(text)).toBeUndefined()
    }
  })
})

describe('search', () => {
  const record = (name: string, fileShort = ''): FunctionRecord =>
    ({ name, fileShort }) as FunctionRecord
  const finds = (text: string, name: string, file?: string) =>
    readSearch(text).isMatch?.(record(name, file))

  it('takes text as it is, in any case, in names and paths', () => {
    expect(finds('LOADITEMS', 'loadItems')).toBe(true)
    expect(finds('src/db', 'query', 'src/db/pool.ts')).toBe(true)
    expect(finds('a.b', 'axb')).toBe(false)
    expect(finds('a.b(', 'a.b()')).toBe(true)
    expect(finds('  ', 'anything')).toBeUndefined()
  })

  it('takes an expression between slashes, with its flags', () => {
    expect(finds('/^load/', 'loadItems')).toBe(true)
    expect(finds('/^LOAD/', 'loadItems')).toBe(false)
    expect(finds('/^LOAD/i', 'loadItems')).toBe(true)
    expect(finds('/src/db', 'x', 'app/src/db.ts')).toBe(true)
    expect(readSearch('/(/').error).toMatch(/Unterminated group/)
    expect(readSearch('/(/').isMatch).toBeUndefined()
  })

  it('counts matching functions, and the time below them once', () => {
    const data = buildSession('a;find;b;find 5\nb 3\nfind;c 2')
    const found = findMatches(data, readSearch('find').isMatch!)
    expect(found.time).toBe(7)
    expect(new Set(found.functions.map(({ name }) => name))).toEqual(new Set(['find']))
    expect(findMatches(data, readSearch('nothing').isMatch!)).toEqual({ functions: [], time: 0 })
  })
})

describe('editors', () => {
  const vscode = { editor: 'vscode', editorTemplate: '' }

  it.each([
    ['/home/me/a b/ü#1?.ts', 'vscode://file/home/me/a%20b/%C3%BC%231%3F.ts:7:2'],
    ['C:\\shop\\app.ts', 'vscode://file/C:/shop/app.ts:7:2'],
    ['file:///home/me/app.ts', 'vscode://file/home/me/app.ts:7:2'],
    ['file:///C:/shop/app.ts', 'vscode://file/C:/shop/app.ts:7:2'],
    ['node:fs', undefined],
    ['https://example.com/mod.ts', undefined],
    ['', undefined],
  ])('open %s', (file, url) => {
    expect(editorUrl(vscode, { file }, 7, 2)).toBe(url)
  })

  it('have a query where they ask for one, and the first line when none is known', () => {
    const idea = { editor: 'idea', editorTemplate: '' }
    expect(editorUrl(idea, { file: 'C:\\a&b.ts' }, 0)).toBe(
      'idea://open?file=C%3A%2Fa%26b.ts&line=1&column=1'
    )
    expect(editorUrl({ editor: 'none', editorTemplate: '' }, { file: '/a.ts' }, 1)).toBeUndefined()
    expect(editorUrl({ editor: 'gone', editorTemplate: '' }, { file: '/a.ts' }, 1)).toBeUndefined()
  })

  it.each(['javascript:alert({file})', ' {file}', 'data:{file}', 'https://x/{file}', 'ed://x'])(
    'refuse the address %s',
    (editorTemplate) => {
      expect(templateError(editorTemplate)).toBeDefined()
      expect(editorUrl({ editor: 'custom', editorTemplate }, { file: '/a' }, 1)).toBeUndefined()
    }
  )

  it('know which files are on this machine', () => {
    expect(localPath({ file: 'file://%' })).toBeUndefined()
    expect(localPath({ file: 'relative.ts' })).toBeUndefined()
  })
})

describe('functions', () => {
  it('are sorted by any column, both ways', () => {
    const times = functionTimes(shopSession())
    const names = (sorting: typeof byOwnTime) =>
      sortFunctions(times, sorting).map((entry) => entry.function.name)
    expect(names(byOwnTime)[0]).toBe('query')
    const byName = sortingAfter(byOwnTime, 'name')
    expect(names(byName)).toEqual([...names(byName)].sort())
    expect(names(sortingAfter(byName, 'name'))).toEqual(names(byName).reverse())
    expect(sortingAfter(byName, 'total')).toEqual({ column: 'total', isDescending: true })
  })

  it('have callers and callees, where recursion counts once', () => {
    const data = buildSession('a;f;f;g 4\nb;f;g;f;g 2\nf 1')
    const index = data.functions.findIndex(({ name }) => name === 'f')
    const { callers, callees } = relationsOf(data, index)
    const text = (related: typeof callers) =>
      related.map(({ function: record, time }) => [record?.name, time])
    expect(text(callers)).toEqual([
      ['a', 4],
      ['b', 2],
      [undefined, 1],
    ])
    expect(text(callees)).toEqual([['g', 6]])
  })

  it('are called for their whole time', () => {
    fc.assert(
      fc.property(arbitrarySession, (data) => {
        for (const { index, totalTime } of functionTimes(data)) {
          const { callers } = relationsOf(data, index)
          expect(callers.reduce((sum, { time }) => sum + time, 0)).toBeCloseTo(totalTime, 6)
        }
      })
    )
  })
})

describe('source files', () => {
  it('hold the time of all lines of the application', () => {
    const files = sourceFiles(ordersSession())
    const sum = files.reduce((time, file) => time + file.time, 0)
    expect(sum).toBeCloseTo(386.8, 6)
    expect(files[0]!.record.fileShort).toBe('src/routes/orders.ts')
    for (const { lines } of files) {
      const numbers = lines.map(({ line }) => line)
      expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b))
    }
  })
})

describe('names of files', () => {
  it('say what was profiled and when, in characters that every system takes', () => {
    expect(fileName(ordersSession().meta)).toBe('GET-orders-2026-11-23-14-03-22')
    const path = `/../..\\\u202e<>:"|?*`
    const hostile = ordersSession({ request: { method: 'GET', path } })
    expect(fileName(hostile.meta)).toBe('GET-2026-11-23-14-03-22')
    expect(fileName(buildSession('x 1', { meta: { description: '…' } }).meta)).toMatch(/^profile-/)
  })
})
