import { describe, expect, it } from 'vitest'
import { processTree } from '../../src/processors.ts'
import { UNICODE, paintPlain } from '../../src/render/console/look.ts'
import { treeLines } from '../../src/render/console/tree.ts'
import { Session } from '../../src/session.ts'
import { buildSession } from '../helpers/build-session.ts'

function tree(samples: string, options?: Parameters<typeof processTree>[1]): string {
  const session = new Session(buildSession(samples))
  const root = processTree(session.rootFrame(), options)
  const formatTime = (ms: number) => String(Math.round(ms * 10) / 10)
  return treeLines(root, { paint: paintPlain, glyphs: UNICODE, formatTime }).join('\n')
}

describe('groups', () => {
  it('show their first frame, what takes a fifth of the request, and what calls the application', () => {
    expect(
      tree(`
        lib:a/root;lib:a/one;lib:b/busy;lib:b/two 5
        lib:a/root;lib:a/one;lib:b/busy 30
        lib:a/root;lib:a/one;lib:c/exit;handler 60
        lib:a/root;lib:a/one;lib:d/three 5
      `)
    ).toMatchInlineSnapshot(`
      "100 GET /
      └─ 100 root  a/index.js:1
         │  [3 frames hidden]  a, b, c, d
         ├─ 60 exit  c/index.js:5
         │  └─ 60 handler  src/app.ts:6
         └─ 35 busy  b/index.js:3
            └─ 30 [self]"
    `)
  })

  it('are printed in full with fewer than two hidden frames', () => {
    expect(tree('h;lib:a/root;lib:a/one 10\nh 90')).toMatchInlineSnapshot(`
      "100 GET /
      └─ 100 h  src/app.ts:1
         ├─ 90 [self]
         └─ 10 root  a/index.js:2
            └─ 10 one  a/index.js:3"
    `)
  })

  it('say how long their hidden frames wait', () => {
    expect(
      tree('h;lib:a/root;lib:a/one;lib:b/two;[await] 10\nh;lib:a/root;lib:a/one;[blocked] 5\nh 90')
    ).toMatchInlineSnapshot(`
      "105 GET /
      └─ 105 h  src/app.ts:1
         ├─ 90 [self]
         └─ 15 root  a/index.js:2
               [2 frames hidden]  a, b  waits 15"
    `)
  })

  it('keep the leaves of their first frame', () => {
    expect(tree('h;lib:a/root;lib:a/one;lib:b/two 10\nh;lib:a/root;[await] 5\nh 90'))
      .toMatchInlineSnapshot(`
      "105 GET /
      └─ 105 h  src/app.ts:1
         ├─ 90 [self]
         └─ 15 root  a/index.js:2
            │  [2 frames hidden]  a, b
            └─ 5 [await]"
    `)
  })

  it('cut a long list of libraries', () => {
    const chain = Array.from({ length: 9 }, (_, i) => `lib:library-${i}/call`).join(';')
    const line = tree(`h;${chain} 10\nh 90`)
      .split('\n')
      .find((text) => text.includes('hidden'))
    expect(line?.trim()).toBe('[8 frames hidden]  library-0, library-1, library-2, librar…')
  })

  it('follow hide and show', () => {
    const samples = 'h;one@src/gen/a.ts:1;two@src/gen/b.ts:1;three@src/gen/c.ts:1 10\nh 90'
    expect(tree(samples, { hide: 'src/gen' })).toMatchInlineSnapshot(`
      "100 GET /
      └─ 100 h  src/app.ts:1
         ├─ 90 [self]
         └─ 10 one  src/gen/a.ts:1
               [2 frames hidden]  src"
    `)
    expect(tree(samples, { hide: 'src/gen', show: /[abc]\.ts/ })).not.toContain('hidden')
  })
})

describe('deep stacks', () => {
  const deep = Array.from({ length: 5000 }, (_, i) => `f${i}`).join(';')

  it.each([false, true])('are cut, and what is below is said (showAll: %s)', (showAll) => {
    const text = tree(`${deep};[await] 8\n${deep};query 90\n${deep} 2`, { showAll })
    expect(text.length).toBeLessThan(10_000)
    expect(
      text
        .split('\n')
        .slice(-5)
        .map((line) => line.trim())
    ).toMatchInlineSnapshot(`
      [
        "└─ 100 f38  src/app.ts:39",
        "└─ 100 f39  src/app.ts:40",
        "└─ [4,961 deeper levels; most self time from here on:]",
        "90 query  src/app.ts:5001",
        "10 f4999  src/app.ts:5000",
      ]
    `)
  })

  it('of libraries are one group', () => {
    const libraries = deep.replaceAll(/f\d+/g, 'lib:deep/$&')
    expect(tree(`h;${libraries};back 10`)).toMatchInlineSnapshot(`
      "10 GET /
      └─ 10 h  src/app.ts:1
         └─ 10 f0  deep/index.js:2
            │  [4,998 frames hidden]  deep
            └─ 10 f4999  deep/index.js:5001
               └─ 10 back  src/app.ts:5002"
    `)
  })
})
