import type { OwnTime, Truth } from './ledger.ts'
import { CALLS } from './ledger.ts'

/** A frame as `?profile=json` gives it. */
export interface JsonFrame {
  function: string
  filePath: string
  time: number
  totalSelfTime: number
  absorbedTime: number
  cpuTime: number
  awaitTime: number
  blockedTime: number
  isApplicationCode: boolean
  isSynthetic: boolean
  children: JsonFrame[]
}

/** What `?profile=json` answers. */
export interface JsonProfile {
  meta: {
    runtime: string
    duration: number
    totals: Record<string, number>
    overhead: { excluded: number }
    notes: string[]
    request?: { status: number; error?: string }
  }
  rootFrame: JsonFrame
}

/** One request, seen from outside and from inside. */
export interface Measurement {
  profile: JsonProfile
  truth: Truth
}

/**
 * Other programs may take the processor away for a moment, from the request or from V8's sampling thread; samples
 * then do not stand for what ran around them. Milliseconds that are harmless: three times the sampling interval.
 */
const HARMLESS_DISTURBANCE = 3
const MOST_ATTEMPTS = 10

/** Gives the least disturbed of some attempts, whatever their errors are. */
export async function leastDisturbed<T extends Measurement>(
  attempt: () => Promise<T[]>
): Promise<T[]> {
  let best = await attempt()
  for (let i = 1; i < MOST_ATTEMPTS && disturbanceOf(best) > HARMLESS_DISTURBANCE; i++) {
    const next = await attempt()
    best = disturbanceOf(next) < disturbanceOf(best) ? next : best
  }
  return best
}

const disturbanceOf = (measurements: Measurement[]): number =>
  Math.max(...measurements.map(({ truth }) => truth.disturbance))

let lastId = 0

/** Requests `path` with its profile, and what it really did. */
export async function measure(url: string, path: string): Promise<Measurement> {
  return (await measureTogether(url, [path]))[0]!
}

/** The same of several requests at once. */
export async function measureTogether(url: string, paths: string[]): Promise<Measurement[]> {
  return leastDisturbed(() => Promise.all(paths.map((path) => measureOnce(url, path))))
}

/** The same, however disturbed it is. */
export async function measureOnce(url: string, path: string): Promise<Measurement> {
  const id = ++lastId
  const profile = await getJson<JsonProfile>(`${url}${path}?profile=json&id=${id}`)
  return { profile, truth: await getJson(`${url}/truth?id=${id}`) }
}

export async function getJson<T>(url: string): Promise<T> {
  return (await (await fetch(url)).json()) as T
}

/** Requests `/burn` again and again while `work` runs. */
export async function amongStrangers<T>(url: string, work: () => Promise<T>): Promise<T> {
  const state = { isOver: false }
  const strangers = (async () => {
    while (!state.isOver) {
      await (await fetch(`${url}/burn`)).text()
      await new Promise((resolve) => setTimeout(resolve, 4))
    }
  })()
  try {
    return await work()
  } finally {
    state.isOver = true
    await strangers
  }
}

/** What each of the `names` did itself, by the path of those of them that called it. */
export function ownTimes(root: JsonFrame, names: ReadonlySet<string>): Record<string, OwnTime> {
  const times: Record<string, OwnTime> = {}
  const visit = (frame: JsonFrame, caller: string): void => {
    const isKnown = frame.isApplicationCode && names.has(frame.function)
    const path = !isKnown ? caller : caller ? caller + CALLS + frame.function : frame.function
    if (frame.isSynthetic) {
      const own = (times[path] ??= { cpu: 0, wait: 0 })
      own.cpu += frame.cpuTime
      own.wait += frame.awaitTime + frame.blockedTime
    }
    frame.children.forEach((child) => {
      visit(child, path)
    })
  }
  visit(root, '')
  return times
}

/** The names of all functions on the paths. */
export function namesOf(functions: Truth['functions']): Set<string> {
  return new Set(Object.keys(functions).flatMap((path) => path.split(CALLS)))
}
