import { Hono } from 'hono'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Session } from '../../src/session.ts'
import { loadSession, saveInDirectory } from '../../src/store/directory-store.ts'
import { memoryStore, sessionName } from '../../src/store/store.ts'
import { bindProfiler, burn, checked } from '../helpers/bound-profiler.ts'
import { buildSession } from '../helpers/build-session.ts'
import { expectNothingRunning } from '../helpers/nothing-running.ts'

let directory = ''

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hono-profiler-'))
})
afterEach(async () => {
  await rm(directory, { recursive: true })
  expectNothingRunning()
})

function session(path: string, startTime = Date.UTC(2026, 10, 23, 6, 36, 57, 123)): Session {
  const request = { method: 'GET', path }
  return new Session(buildSession('handler 1', { meta: { startTime, request } }))
}

describe('the name of a session', () => {
  it.each([
    ['/orders/17', '20261123T063657.123Z-GET-orders-17'],
    ['/orders?profile=1&key=secret', '20261123T063657.123Z-GET-orders'],
    ['/', '20261123T063657.123Z-GET'],
    ['/../../etc/passwd', '20261123T063657.123Z-GET-..-..-etc-passwd'],
    ['/a%2Fb%00c', '20261123T063657.123Z-GET-a-2Fb-00c'],
    ['/größe/日本', '20261123T063657.123Z-GET-gr-e'],
    ['\\\\host\\share:stream|<>*"', '20261123T063657.123Z-GET-host-share-stream'],
    ['/line\nbreak', '20261123T063657.123Z-GET-line-break'],
  ])('says what was profiled: %j', (path, name) => {
    expect(sessionName(session(path))).toBe(name)
  })

  it('is short enough for every file system', () => {
    expect(sessionName(session(`/${'x'.repeat(5000)}`)).length).toBeLessThan(120)
  })

  it('is what the function is called when there was no request', () => {
    const data = buildSession('handler 1', {
      meta: { description: 'nightly import', startTime: 0 },
    })
    expect(sessionName(new Session(data))).toBe('19700101T000000.000Z-nightly-import')
  })

  it('sorts by time', () => {
    const times = [0, 999, 1000, 1e12, 1.7e12, 1.7e12 + 1, 4e12]
    const names = times.map((time) => sessionName(session('/z', time)))
    expect([...names].sort()).toEqual(names)
  })
})

describe('saveDir', () => {
  it('is made, and gets a file for each session, named in the response', async () => {
    const { profiler, printed } = bindProfiler()
    const saveDir = join(directory, 'made', 'when', 'missing')
    const app = new Hono().use(profiler({ saveDir }))
    app.post('/orders/:id', (c) => c.text('own'))
    const response = await app.request('/orders/17?profile=1', { method: 'POST' })
    await app.request('/orders/18?profile=1&term=1', { method: 'POST' })
    const files = (await readdir(saveDir)).sort()
    expect(files).toEqual([
      expect.stringMatching(/^\d{8}T\d{6}\.\d{3}Z-POST-orders-17\.session\.json$/),
      expect.stringMatching(/^\d{8}T\d{6}\.\d{3}Z-POST-orders-18\.session\.json$/),
    ])
    expect(`${response.headers.get('x-profile-id')}.session.json`).toBe(files[0])
    const loaded = checked(await loadSession(join(saveDir, files[0]!)))
    expect(loaded.meta.request).toMatchObject({ method: 'POST', path: '/orders/17' })
    expect(printed).toHaveLength(1)
  })

  it('may end in a slash', async () => {
    expect(await saveInDirectory(`${directory}/`, session('/a'))).toMatch(/-GET-a$/)
    expect(await readdir(directory)).toHaveLength(1)
  })

  it('never loses a session to another one of the same name', async () => {
    const sessions = Array.from({ length: 8 }, (_, i) => session(`/orders?${i}`))
    const names = await Promise.all(sessions.map((each) => saveInDirectory(directory, each)))
    expect(new Set(names).size).toBe(8)
    expect(await readdir(directory)).toHaveLength(8)
    for (const [i, name] of names.entries()) {
      const loaded = await loadSession(join(directory, `${name}.session.json`))
      expect(loaded.meta.request?.path).toBe(`/orders?${i}`)
    }
  })

  it('never replaces a file that is there', async () => {
    const path = join(directory, `${sessionName(session('/a'))}.session.json`)
    await writeFile(path, 'mine')
    expect(await saveInDirectory(directory, session('/a'))).toMatch(/-GET-a-2$/)
    expect(await readFile(path, 'utf8')).toBe('mine')
  })

  it.each(['/../../../etc/passwd', '/..%2f..%2fx', '/a/../../b', '/.hidden', '/con:aux'])(
    'gets its files in it and nowhere else: %s',
    async (path) => {
      const saveDir = join(directory, 'in')
      await saveInDirectory(saveDir, session(path))
      expect(await readdir(directory)).toEqual(['in'])
      expect(await readdir(saveDir)).toEqual([expect.stringMatching(/^\d{8}T.*\.session\.json$/)])
    }
  )

  it('that cannot be written is told in the report and once on the terminal', async () => {
    const saveDir = join(directory, 'taken')
    await writeFile(saveDir, 'a file, not a directory')
    const { profiler, profile, printed } = bindProfiler()
    const app = new Hono().use(profiler({ saveDir })).get('/', (c) => c.text('own'))
    for (let i = 0; i < 2; i++) {
      const response = await app.request('/?profile=text')
      expect(response.status).toBe(200)
      expect(response.headers.has('x-profile-id')).toBe(false)
      expect(await response.text()).toContain('this session could not be saved: ')
    }
    expect(printed).toEqual([expect.stringContaining(saveDir)])
    const { value, session } = await profile(() => burn(1), { saveDir })
    expect(value).toBeGreaterThan(0)
    expect(session.meta.notes).toEqual([expect.stringContaining('could not be saved')])
  })

  it('leaves no half-written file behind', async () => {
    await saveInDirectory(directory, session('/a'))
    await saveInDirectory(directory, session('/a'))
    const files = await readdir(directory)
    expect(files.filter((name) => !name.endsWith('.session.json'))).toEqual([])
  })
})

describe('the memory store', () => {
  it('keeps the last sessions, oldest first', async () => {
    const store = memoryStore(2)
    const names: string[] = []
    for (const path of ['/a', '/b', '/c']) {
      names.push(await store.save(session(path)))
    }
    expect(await store.list()).toEqual(names.slice(1))
    expect(await store.load(names[0]!)).toBeUndefined()
    expect((await store.load(names[2]!))?.meta.request?.path).toBe('/c')
  })

  it('keeps 20 by default, each under a name of its own', async () => {
    const store = memoryStore()
    for (let i = 0; i < 25; i++) {
      const name = await store.save(session(`/same?${i}`))
      expect((await store.load(name))?.meta.request?.path).toBe(`/same?${i}`)
    }
    expect(new Set(await store.list()).size).toBe(20)
  })
})
