import { expect, it, vi } from 'vitest'
import { spawn } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { importCpuProfile } from '../../src/normalize/import-cpuprofile.ts'

// Each starts a program that loads tools of many files.
vi.setConfig({ testTimeout: 60_000 })

const program = fileURLToPath(new URL('../helpers/beside-app.ts', import.meta.url))

interface Answers {
  text: string
  own: string
  failure: string
  events: string[]
  spans: { name: string; id: string; trace: string; parent?: string }[]
}

function start(flags: string[], tool = ''): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [...flags, program, tool])
}

/** Lets the program go on, and gives what it printed. Its profiles have to be as they are alone. */
async function answersOf(child: ChildProcessWithoutNullStreams): Promise<Answers> {
  child.stdin.end('go\n')
  const [printed] = await Promise.all([text(child.stdout), once(child, 'exit')])
  const answers = JSON.parse(printed) as Answers
  expect(answers.own).toBe('own')
  expect(answers.text).toContain('listOrders')
  expect(answers.text).toContain('loadPart')
  expect(answers.text).toContain('[await]')
  expect(answers.text).not.toContain('note ')
  expect(answers.failure).toContain('RangeError: out of stock')
  return answers
}

it('beside OpenTelemetry, spans keep their parents', async () => {
  const { spans } = await answersOf(start([], 'opentelemetry'))
  const orders = spans.filter(({ name }) => name === 'orders')
  expect(orders).toHaveLength(2)
  for (const { id, trace, parent } of orders) {
    expect(parent).toBeUndefined()
    const parts = spans.filter((span) => span.trace === trace && span.parent === id)
    expect(parts.map(({ name }) => name).sort()).toEqual(['prices', 'rows'])
  }
})

it('beside Sentry, errors are told of', async () => {
  expect((await answersOf(start([], 'sentry'))).events).toEqual(['out of stock'])
})

it('with --cpu-prof, whose file is written and whole', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hono-profiler-cpu-prof-'))
  try {
    await answersOf(start(['--cpu-prof', `--cpu-prof-dir=${folder}`]))
    const [file = ''] = await readdir(folder)
    const profile = importCpuProfile(await readFile(join(folder, file), 'utf8'))
    expect(profile.meta.sampleCount).toBeGreaterThan(50)
  } finally {
    await rm(folder, { recursive: true })
  }
})

it('beside a debugger that records a profile of its own and pauses', async () => {
  const child = start(['--inspect=127.0.0.1:0'])
  const debug = await connect(child)
  await debug.post('Profiler.enable')
  await debug.post('Profiler.start')
  await debug.post('Debugger.enable')
  await debug.post('Debugger.pause')
  const answers = answersOf(child)
  await debug.told('Debugger.paused')
  await debug.post('Debugger.resume')
  await debug.told('Runtime.consoleAPICalled')
  const { profile } = (await debug.post('Profiler.stop')) as { profile: object }
  expect(importCpuProfile(profile).meta.sampleCount).toBeGreaterThan(10)
  debug.close()
  await answers
})

interface Debugger {
  post(method: string): Promise<object>
  /** Waits for an event. */
  told(method: string): Promise<void>
  close(): void
}

/** A client of the inspector, as an editor has it. */
async function connect(child: ChildProcessWithoutNullStreams): Promise<Debugger> {
  const address = await new Promise<string>((resolve) => {
    createInterface(child.stderr).on('line', (line) => {
      const [found] = /ws:\S+/.exec(line) ?? []
      if (found !== undefined) {
        resolve(found)
      }
    })
  })
  const socket = new WebSocket(address)
  await once(socket, 'open')
  const waiting = new Map<string, (result: object) => void>()
  const told = new Set<string>()
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data)) as { id?: number; method?: string; result?: object }
    const key = String(message.id ?? message.method)
    told.add(key)
    waiting.get(key)?.(message.result ?? {})
  })
  const until = (key: string): Promise<object> =>
    new Promise((resolve) => {
      waiting.set(key, resolve)
    })
  let count = 0
  const post = (method: string): Promise<object> => {
    const id = ++count
    socket.send(JSON.stringify({ id, method }))
    return until(String(id))
  }
  await post('Runtime.enable')
  return {
    post,
    async told(method) {
      if (!told.has(method)) {
        await until(method)
      }
    },
    close: () => {
      socket.close()
    },
  }
}
