import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { renderSession } from '../../src/render/render-session.ts'
import { Session } from '../../src/session.ts'
import { loadSession } from '../../src/store/directory-store.ts'
import { bindProfiler, burn, checked, sleep } from '../helpers/bound-profiler.ts'

const { profile } = bindProfiler()

let directory = ''
let session: Session

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hono-profiler-'))
  session = (
    await profile(async function importOrders() {
      await sleep(5)
      burn(5)
    })
  ).session
})
afterAll(() => rm(directory, { recursive: true }))

describe('loadSession', () => {
  it('reads what save wrote: by path, URL, bytes, text and object', async () => {
    const path = join(directory, 'sub dir', 'a#b%20ü.session.json')
    await session.save(path)
    const json = JSON.stringify(session)
    const sources = [
      path,
      pathToFileURL(path),
      pathToFileURL(path).href,
      new TextEncoder().encode(json),
      Buffer.from(json),
      json,
      ` \n${json}`,
      session.toJSON(),
      JSON.parse(json) as object,
    ]
    for (const source of sources) {
      const loaded = checked(await loadSession(source))
      expect(loaded.data).toEqual(session.data)
      expect(loaded.flat()).toEqual(session.flat())
    }
  })

  it('saves over an older file, for `save` is told the name', async () => {
    const path = join(directory, 'twice.json')
    await writeFile(path, 'old')
    await session.save(path)
    expect((await loadSession(path)).duration).toBe(session.duration)
  })

  it('says which file is missing', async () => {
    await expect(loadSession(join(directory, 'none.json'))).rejects.toThrow(/none\.json/)
  })

  it.each<[string, string | Uint8Array | object, RegExp]>([
    ['text', '{"format":', /not JSON/],
    ['an object of another kind', { format: 'other' }, /format/],
    ['an empty object', {}, /format/],
    ['bytes', new Uint8Array([0xff, 0xfe]), /UTF-8/],
    ['a list', [], /session/],
  ])(
    'refuses %s that is no session, with a TypeError that says why',
    async (_what, source, why) => {
      await expect(loadSession(source)).rejects.toThrow(TypeError)
      await expect(loadSession(source)).rejects.toThrow(why)
    }
  )

  it('refuses a session whose numbers do not add up', async () => {
    const data = structuredClone(session.data)
    data.samples.durationUs[0]! += 1
    await expect(loadSession(data)).rejects.toThrow(/add up/)
  })

  it('runs nothing that is in a file', async () => {
    const text = JSON.stringify(session).replace('{', '{"__proto__":{"polluted":true},')
    const loaded = await loadSession(text)
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
    expect(loaded.duration).toBe(session.duration)
  })
})

describe('renderSession', () => {
  it('gives the short text by default, the long one and the page when asked', () => {
    const short = renderSession(session)
    expect(short).toContain('importOrders')
    expect(short).not.toContain('Recorded')
    expect(renderSession(session, { shortMode: false })).toContain('Recorded')
    expect(renderSession(session, { text: false })).toMatch(/^<!doctype html>/)
  })

  it('keeps all frames when asked', () => {
    const lines = (showAll: boolean): number =>
      renderSession(session, { showAll }).split('\n').length
    expect(lines(true)).toBeGreaterThanOrEqual(lines(false))
    expect(renderSession(session, { showAll: true })).toContain('[await]')
  })
})

describe('Session.combine', () => {
  it('sums what recordings of the same work have in common', async () => {
    const other = (await profile(() => burn(5))).session
    const combined = checked(Session.combine([other, session]))
    expect(combined.meta.runs).toBe(2)
    expect(combined.meta.startTime).toBe(session.meta.startTime)
    expect(combined.duration).toBeCloseTo(session.duration + other.duration, 3)
    const sum = combined.flat({ n: Infinity }).reduce((total, { time }) => total + time, 0)
    expect(sum).toBeCloseTo(combined.duration, 6)
    expect(renderSession(combined)).toContain('importOrders')
  })

  it('refuses nothing at all', () => {
    expect(() => Session.combine([])).toThrow(TypeError)
  })
})
