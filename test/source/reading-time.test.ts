import { transform } from 'esbuild'
import type { Context } from 'hono'
import { Hono } from 'hono'
import { stream } from 'hono/streaming'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeSourceFiles } from '../../runtimes/node/source-files.ts'
import type { Session } from '../../src/session.ts'
import { bindProfiler } from '../helpers/bound-profiler.ts'

const BURNING = `let burnt: number = 0

exports.burnHere = (ms: number) => {
  const end = Date.now() + ms
  while (Date.now() < end) {
    burnt++
  }
}
`

/** Milliseconds since 1970, of the clock that sessions have. */
const now = (): number => performance.timeOrigin + performance.now()

let folder = ''
let burnHere: (ms: number) => void

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'hono-profiler-reading-')))
  const options = { loader: 'ts', sourcemap: true, sourcefile: 'burning.ts' } as const
  const { code, map } = await transform(BURNING, options)
  const script = join(folder, 'burning.cjs')
  await writeFile(script, `// Another line\n${code}//# sourceMappingURL=burning.map\n`)
  await writeFile(join(folder, 'burning.map'), map.replace('"mappings": "', '"mappings": ";'))
  await writeFile(join(folder, 'burning.ts'), BURNING)
  const exported = createRequire(import.meta.url)(script) as { burnHere: typeof burnHere }
  burnHere = exported.burnHere
})

afterAll(() => rm(folder, { recursive: true, force: true }))

afterEach(() => {
  vi.restoreAllMocks()
})

/** Notes when sources are asked for. */
function watchReads(): { what: string; at: number }[] {
  const reads: { what: string; at: number }[] = []
  for (const what of ['map', 'text', 'prepare', 'load'] as const) {
    const read = nodeSourceFiles[what]!.bind(nodeSourceFiles) as () => Promise<never>
    vi.spyOn(nodeSourceFiles, what).mockImplementation((...args: unknown[]) => {
      reads.push({ what, at: now() })
      return read(...(args as []))
    })
  }
  return reads
}

async function expectReadAfterwards(
  respond: (c: Context, ended: () => void) => Response | Promise<Response>,
  query: string
): Promise<void> {
  const reads = watchReads()
  let save: (session: Session) => void
  const saved = new Promise<Session>((resolve) => {
    save = resolve
  })
  const store = {
    save: (session: Session) => {
      save(session)
      return Promise.resolve('saved')
    },
    load: () => Promise.resolve(undefined),
    list: () => Promise.resolve([]),
  }
  let endedAt = 0
  const app = new Hono()
  app.use(bindProfiler().profiler({ enabled: true, store }))
  app.get('/', (c) => {
    burnHere(20)
    return respond(c, () => {
      endedAt = now()
    })
  })
  await (await app.request(`/?${query}`)).text()
  const { data, duration, meta } = await saved
  expect(data.functions).toContainEqual(
    expect.objectContaining({ name: 'burnHere', file: join(folder, 'burning.ts'), line: 3 })
  )
  expect(new Set(reads.map(({ what }) => what))).toEqual(
    new Set(['load', 'prepare', 'map', 'text'])
  )
  const firstAt = Math.min(...reads.map(({ at }) => at))
  expect(endedAt).toBeGreaterThan(0)
  expect(firstAt).toBeGreaterThan(endedAt)
  expect(firstAt).toBeGreaterThan(meta.startTime + duration)
}

it.each(['profile=json', 'profile=text&term=1'])(
  'sources are read when the handler has ended, asked with %s',
  async (query) => {
    await expectReadAfterwards((c, ended) => {
      ended()
      return c.text('done')
    }, query)
  }
)

it('sources are read when a streamed body has ended', async () => {
  await expectReadAfterwards(
    (c, ended) =>
      stream(c, async (body) => {
        await body.write('first')
        await new Promise((resolve) => setTimeout(resolve, 20))
        burnHere(20)
        await body.write('last')
        ended()
      }),
    'profile=json'
  )
})
