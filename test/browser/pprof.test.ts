import { afterAll, beforeAll, expect, it } from 'vitest'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pprofPath } from '../../scripts/pprof.mjs'
import { pprofRenderer } from '../../src/render/pprof.ts'
import type { SessionData } from '../../src/session/records.ts'
import { Session } from '../../src/session.ts'
import { deepSession } from '../helpers/hostile-session.ts'
import { selfTimes } from '../helpers/self-times.ts'
import { ordersSession } from '../render/orders.ts'

let pprof: string
let folder: string

beforeAll(() => {
  pprof = pprofPath()
  folder = mkdtempSync(join(tmpdir(), 'hono-profiler-pprof-'))
})

afterAll(() => {
  rmSync(folder, { recursive: true })
})

/** What the real pprof answers to `options`, and what it complains about. */
function ask(data: SessionData, ...options: string[]): string {
  const file = join(folder, 'profile.pb')
  writeFileSync(file, pprofRenderer().render(new Session(data)))
  const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe']
  return execFileSync(pprof, [...options, '-nodecount=10000', file], { stdio }).toString()
}

/** Self time by function, in microseconds. */
function topTimes(report: string): Record<string, number> {
  const rows = [...report.matchAll(/^ *([\d.]+)(ms|s)? .*% {2}(\S.*)$/gm)]
  const entries = rows.map(([, time, unit, name]) => {
    return [name!, Math.round(Number(time) * (unit === 's' ? 1_000_000 : 1000))] as const
  })
  return Object.fromEntries(entries.filter(([, us]) => us > 0))
}

it('has the self time of every function', () => {
  const data = ordersSession()
  const report = ask(data, '-top', '-unit=ms')
  expect(topTimes(report)).toEqual({ ...selfTimes(data, { states: false }) })
  expect(report).toContain('Duration: 300ms, Total samples = 300ms (  100%)')
})

it('has the time of each state as a value and as a label', () => {
  const data = ordersSession()
  expect(ask(data, '-top', '-unit=ms', '-sample_index=await')).toContain('Total samples = 108ms')
  expect(topTimes(ask(data, '-top', '-unit=ms', '-tagfocus=blocked'))).toEqual({
    loadOrders: 58_000,
  })
})

it('shows times by executing line', () => {
  expect(ask(ordersSession(), '-top', '-lines', '-unit=ms')).toMatch(
    /58ms .*loadOrders \/project\/src\/db\.ts:14/
  )
})

it('holds stacks of 5,000 frames', () => {
  expect(topTimes(ask(deepSession, '-top', '-unit=ms'))).toEqual({ f4999: 7000 })
})
