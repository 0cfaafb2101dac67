import { Hono } from 'hono'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { once } from 'node:events'
import fs from 'node:fs/promises'
import { Session as Inspector } from 'node:inspector'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { nodeFileSystem } from '../../runtimes/common/file-system.ts'
import { nodeAdapter } from '../../runtimes/node/adapter.ts'
import type { Adapter } from '../../src/adapter.ts'
import type { Session } from '../../src/session.ts'
import { loadSession } from '../../src/store/directory-store.ts'
import { installFileSystem } from '../../src/store/file-system.ts'
import type { FileSystem } from '../../src/store/file-system.ts'
import { gunzip } from '../../src/store/gunzip.ts'
import {
  bindProfiler,
  checked,
  functionNames,
  sleep,
  watchedStore,
} from '../helpers/bound-profiler.ts'
import { buildSession } from '../helpers/build-session.ts'
import { expectNothingRunning } from '../helpers/nothing-running.ts'

// The first request loads and compiles what records.
vi.setConfig({ testTimeout: 30_000 })

let directory = ''

beforeEach(async () => {
  directory = await fs.mkdtemp(join(tmpdir(), 'hono-profiler-faults-'))
})
afterEach(async () => {
  vi.restoreAllMocks()
  installFileSystem(nodeFileSystem)
  await fs.rm(directory, { recursive: true })
  expectNothingRunning()
})

/** An application whose profiler uses a runtime with a fault. */
function appWith(adapter: Partial<Adapter>, options = {}) {
  const changed: Adapter = {
    start: (given) => nodeAdapter.start(given),
    current: () => nodeAdapter.current(),
    uncounted: (work) => nodeAdapter.uncounted(work),
    ...adapter,
  }
  const { profiler, printed } = bindProfiler({}, { loadAdapter: () => Promise.resolve(changed) })
  const app = new Hono().use(profiler(options))
  app.get('/', async (c) => {
    await sleep(2)
    return c.text('own')
  })
  return { app, printed }
}

describe('a disk that is full', () => {
  /** The first `room` bytes are written, and no more. */
  const full: FileSystem = {
    ...nodeFileSystem,
    create: () => Promise.reject(new Error('ENOSPC: no space left on device, write')),
  }

  it('keeps what was saved, serves the report, and is told once', async () => {
    const { app, printed } = appWith({}, { saveDir: directory })
    await app.request('/?profile=1')
    const saved = await fs.readdir(directory)
    installFileSystem(full)
    for (let i = 0; i < 2; i++) {
      const response = await app.request('/?profile=text')
      expect(response.status).toBe(200)
      expect(await response.text()).toContain('could not be saved: ENOSPC: no space left')
    }
    expect(printed).toEqual([expect.stringContaining('ENOSPC')])
    expect(await fs.readdir(directory)).toEqual(saved)
    checked(await loadSession(join(directory, saved[0]!)))
  })

  it('leaves no part of a file behind', async () => {
    const handle = await fs.open(join(directory, 'probe'), 'w')
    const prototype = Object.getPrototypeOf(handle) as {
      writeFile: (this: unknown, text: string) => Promise<void>
    }
    await handle.close()
    const { writeFile } = prototype
    vi.spyOn(prototype, 'writeFile').mockImplementation(async function (this: unknown, text) {
      await writeFile.call(this, text.slice(0, 10))
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
    })
    const path = join(directory, 'a.session.json')
    await expect(nodeFileSystem.create(path, 'x'.repeat(100))).rejects.toThrow('ENOSPC')
    await expect(nodeFileSystem.write(path, 'x'.repeat(100))).rejects.toThrow('ENOSPC')
    expect(await fs.readdir(directory)).toEqual(['probe'])
  })
})

describe('a file that is hostile', () => {
  const load = async (content: string | Uint8Array): Promise<Session> => {
    const path = join(directory, 'a.session.json')
    await fs.writeFile(path, content)
    return loadSession(path)
  }

  it.each([
    ['cut off', '{"format":"hono-profiler-session","version":1,"me', /the text is not JSON/],
    ['a program', 'process.exit(1)', /the text is not JSON/],
    ['an array', '[]', /it is a list, but it must be an object/],
    ['nested without end', '['.repeat(200_000), /the text is not JSON/],
    ['zeros', new Uint8Array(1000), /the text is not JSON/],
  ])('is refused with a sentence that says where: %s', async (_what, content, sentence) => {
    await expect(load(content)).rejects.toThrow(TypeError)
    await expect(load(content)).rejects.toThrow(sentence)
  })

  it('changes no prototype, and nothing of it is run', async () => {
    const data = buildSession('handler 1', { meta: { description: '${process.exit(1)}' } })
    const text = JSON.stringify(data).replace('{', '{"__proto__":{"polluted":true},')
    const session = await load(text)
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
    expect(checked(session).meta.description).toBe('${process.exit(1)}')
  })

  it('that would fill the memory is not unpacked', async () => {
    const bomb = new Blob([new Uint8Array(50_000_000)]).stream()
    const packed = await new Response(bomb.pipeThrough(new CompressionStream('gzip'))).arrayBuffer()
    expect(packed.byteLength).toBeLessThan(100_000)
    await expect(gunzip(new Uint8Array(packed), 1_000_000)).rejects.toThrow(
      'the compressed file holds more than 1000000 bytes'
    )
  })

  it('that is not there is told with its path', async () => {
    await expect(loadSession(join(directory, 'gone.json'))).rejects.toThrow(/gone\.json/)
  })
})

describe('a runtime that fails', () => {
  it.each(['?profile=1', '?profile=1&term=1'])(
    'as a recording stops: the own answer, one warning: %s',
    async (query) => {
      const { app, printed } = appWith({
        async start(options) {
          const recording = await nodeAdapter.start(options)
          return {
            run: (request) => recording.run(request),
            span: (name, kind, work) => recording.span(name, kind, work),
            async stop() {
              await recording.stop()
              throw new Error('the sampler is gone')
            },
          }
        },
      })
      for (let i = 0; i < 2; i++) {
        const response = await app.request(`/${query}`)
        expect([response.status, await response.text()]).toEqual([200, 'own'])
        expect(response.headers.get('x-profile-error')).toBe('the sampler is gone')
      }
      expect(printed).toEqual(['hono-profiler: the profile of GET / is lost: the sampler is gone'])
    }
  )

  it('as a report is rendered: the own answer, one warning, and the session is kept', async () => {
    const store = watchedStore()
    const { app, printed } = appWith({ uncounted: failsToRender }, { store })
    const response = await app.request('/?profile=text')
    expect([response.status, await response.text()]).toEqual([200, 'own'])
    expect(response.headers.get('x-profile-error')).toBe('no memory to render')
    expect(printed).toEqual([expect.stringContaining('no memory to render')])
    expect((await store.last()).meta.request?.path).toBe('/')
  })

  it('as its inspector is taken away meanwhile: the waits, and why there is no more', async () => {
    const { app, printed } = appWith({})
    const disconnect = vi.spyOn(Inspector.prototype, 'connect')
    app.get('/taken', async (c) => {
      for (const inspector of disconnect.mock.contexts) {
        ;(inspector as Inspector).disconnect()
      }
      await sleep(5)
      return c.text('own')
    })
    const text = await (await app.request('/taken?profile=text')).text()
    expect(text).toContain('the inspector was disconnected while the request was recorded')
    expect(text).toContain('[await]')
    expect(printed).toEqual([])
  })
})

/** Work whose result is a text is the rendering. */
function failsToRender<T>(work: () => T): T {
  const result = nodeAdapter.uncounted(work)
  if (typeof result === 'string') {
    throw new Error('no memory to render')
  }
  return result
}

describe('a worker thread that dies', () => {
  const { profiler, printed } = bindProfiler()
  const store = watchedStore()
  const app = new Hono().use(profiler({ store }))
  app.get('/resized/:how', async function resize(c) {
    const fault = c.req.param('how') === 'exits' ? 'process.exit(3)' : 'throw new Error("no image")'
    const worker = new Worker(fault, { eval: true })
    const end = await new Promise<string>((resolve) => {
      worker.once('error', ({ message }: Error) => {
        resolve(message)
      })
      worker.once('exit', (code) => {
        resolve(`exit ${code}`)
      })
    })
    return c.text(end, 500)
  })

  it.each([
    ['exits', 'exit 3'],
    ['throws', 'no image'],
  ])('while a request waits for it (it %s)', async (how, end) => {
    const response = await app.request(`/resized/${how}?profile=1&term=1`)
    expect(response.status).toBe(500)
    expect(await response.text()).toBe(end)
    const session = await store.last()
    expect(session.meta.notes).toEqual([])
    expect(functionNames(session)).toContain('resize')
    expect(session.meta.totals.await).toBeGreaterThan(0.5 * session.meta.duration)
    expect(printed.join()).not.toContain('hono-profiler:')
  })

  it('with a profiler of its own leaves the others as they are', async () => {
    const entry = new URL('../../runtimes/node/index.ts', import.meta.url).href
    const program = `
      const { profile } = await import('${entry}')
      void profile(() => new Promise(() => {}))
      setTimeout(() => process.exit(4), 20)`
    const url = new URL(`data:text/javascript,${encodeURIComponent(program)}`)
    const worker = new Worker(url, { execArgv: ['--import', 'tsx'] })
    const [code] = (await once(worker, 'exit')) as [number]
    expect(code).toBe(4)
    await app.request('/resized/exits?profile=1')
    expect(functionNames(await store.last())).toContain('resize')
  })
})

describe('a clock that jumps', () => {
  it.each([-3_600_000, 3_600_000])('by %i ms changes no duration', async (ms) => {
    const store = watchedStore()
    const { app } = appWith({}, { store, maxDuration: 10_000 })
    const { now } = Date
    app.get('/jump', async (c) => {
      await sleep(5)
      vi.spyOn(Date, 'now').mockImplementation(() => now() + ms)
      await sleep(5)
      return c.text('own')
    })
    expect((await app.request('/jump?profile=1')).status).toBe(200)
    const session = await store.last()
    expect(session.duration).toBeGreaterThan(8)
    expect(session.duration).toBeLessThan(10_000)
    expect(session.meta.notes).toEqual([])
  })
})
