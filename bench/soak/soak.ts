import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { loadSession } from '../../runtimes/node/index.ts'
import { checkSession } from '../../src/session/check.ts'
import type { Trend } from './flatness.ts'
import { trendOf } from './flatness.ts'
import type { Tally } from './load.ts'
import { Load } from './load.ts'
import type { Health } from './server.ts'

const LOOK_EACH_MS = 10_000

/** What fills caches and makes the engine optimize is over by then: this share of the time, at most two minutes. */
const WARM_UP_SHARE = 0.25
const LONGEST_WARM_UP_MINUTES = 2

/** What came of a soak. */
export interface SoakResult {
  runtime: string
  /** As the runtime itself tells it. */
  version: string
  minutes: number
  tally: Tally
  /** After warm-up; memory in megabytes. */
  trends: Record<keyof Health, Trend>
  /** Session files that are left, all of which were read and checked. */
  sessions: number
  /** What the profiler printed besides the reports that were asked for. */
  warnings: string[]
}

/**
 * Loads a server on that runtime for some minutes.
 *
 * @param tell Gets a line each 10 seconds.
 */
export async function soak(
  runtime: string,
  minutes: number,
  tell: (line: string) => void
): Promise<SoakResult> {
  const saveDir = await mkdtemp(join(tmpdir(), 'hono-profiler-soak-'))
  const server = start(runtime, saveDir)
  const warnings = watchWarnings(server.stderr!)
  try {
    const load = new Load(Number(await firstLine(server.stdout!)))
    const looks = await loadFor(minutes, load, (look, health) => {
      tell(lineOf(runtime, look, load.tally, health))
    })
    return {
      runtime,
      version: await versionOf(runtime),
      minutes,
      tally: load.tally,
      trends: trendsOf(looks, minutes),
      sessions: await checkSessions(saveDir),
      warnings,
    }
  } finally {
    if (server.exitCode === null && server.kill()) {
      await once(server, 'exit')
    }
    await rm(saveDir, { recursive: true })
  }
}

interface Look {
  minutes: number
  health: Health
}

async function loadFor(
  minutes: number,
  load: Load,
  onLook: (minutes: number, health: Health) => void
): Promise<Look[]> {
  const startMs = performance.now()
  const elapsed = (): number => (performance.now() - startMs) / 60_000
  const looks: Look[] = []
  while (elapsed() < minutes) {
    await load.run(Math.min(LOOK_EACH_MS, (minutes - elapsed()) * 60_000))
    const look = { minutes: elapsed(), health: await load.health() }
    looks.push(look)
    onLook(look.minutes, look.health)
  }
  return looks
}

function trendsOf(looks: readonly Look[], minutes: number): SoakResult['trends'] {
  const warmUp = Math.min(minutes * WARM_UP_SHARE, LONGEST_WARM_UP_MINUTES)
  const warm = looks.filter((look) => look.minutes > warmUp)
  const trend = (kind: keyof Health): Trend =>
    trendOf(warm.map((look) => ({ minutes: look.minutes, value: look.health[kind] })))
  return { heap: trend('heap'), rss: trend('rss'), handles: trend('handles') }
}

function start(runtime: string, saveDir: string): ChildProcess {
  const script = fileURLToPath(new URL('server.ts', import.meta.url))
  const args = runtime === 'node' ? ['--expose-gc', script] : ['run', script]
  return spawn(binaryOf(runtime), [...args, saveDir], { stdio: ['ignore', 'pipe', 'pipe'] })
}

function binaryOf(runtime: string): string {
  return runtime === 'node'
    ? process.execPath
    : fileURLToPath(new URL(`../../node_modules/.bin/${runtime}`, import.meta.url))
}

async function versionOf(runtime: string): Promise<string> {
  const { stdout } = spawn(binaryOf(runtime), ['--version'])
  return (await firstLine(stdout)).replace(/^v/, '')
}

async function firstLine(stream: Readable): Promise<string> {
  for await (const line of createInterface(stream)) {
    return line
  }
  throw new Error('the server ended before it listened')
}

const WARNING = 'hono-profiler: '

/** The reports of `term=1` go to the same place. */
function watchWarnings(stderr: Readable): string[] {
  const warnings: string[] = []
  createInterface(stderr).on('line', (line) => {
    if (line.startsWith(WARNING)) {
      warnings.push(line)
    }
  })
  return warnings
}

async function checkSessions(saveDir: string): Promise<number> {
  const files = await readdir(saveDir)
  for (const file of files) {
    checkSession((await loadSession(join(saveDir, file))).data)
  }
  return files.length
}

function lineOf(
  runtime: string,
  minutes: number,
  { requests, profiled, wrong, errors }: Tally,
  { heap, rss, handles }: Health
): string {
  const memory = `heap ${heap.toFixed(1)} MB, rss ${rss.toFixed(0)} MB, ${handles} handles`
  const counts = `${requests} requests, ${profiled} profiled, ${wrong} wrong, ${errors} errors`
  return `${runtime} ${minutes.toFixed(1)} min: ${counts}; ${memory}`
}
