import { dlopen } from 'bun:ffi'
import { samplingProfilerStackTraces } from 'bun:jsc'
import type { Session } from 'node:inspector'

/**
 * How far JSC's times are ahead of the recording's clock. JSC reads the system's monotonic clock, which only foreign
 * code can read too. But it does so a little before it takes a stack (20-150 us, as the machine is loaded), so what
 * was seen in samples that must lie between two moments has the last word.
 *
 * @param session An inspector session whose profiler is enabled and does not run.
 */
export function measureClockOffset(session: Session, nowUs: () => number): number {
  const { lowUs, highUs } = (bracket ??= bracketOffset(session, nowUs))
  const read = (readMonotonicUs ??= loadMonotonicClock() ?? noClock)
  const exactUs = compareClocks(read, nowUs)
  const driftUs = exactUs - (exactAtBracketUs ??= exactUs)
  const seen = [lowUs + driftUs, highUs + driftUs]
  return Number.isNaN(exactUs)
    ? (lowUs + highUs) / 2
    : Math.min(Math.max(exactUs, Math.min(...seen)), Math.max(...seen))
}

const BRACKET_INTERVAL_US = 200
const BRACKET_ROUNDS = 8
const ROUND_US = 1000

const noClock = (): number => NaN

let readMonotonicUs: (() => number) | undefined
let bracket: Bracket | undefined
/** The distance of the clocks when the bracket was found; it changes when the machine sleeps. */
let exactAtBracketUs: number | undefined

/** Between which two values the offset is. */
interface Bracket {
  lowUs: number
  highUs: number
}

/** Samples are taken between the moments before and after them: within 45 us after eight rounds of a millisecond. */
function bracketOffset(session: Session, nowUs: () => number): Bracket {
  session.post('Profiler.setSamplingInterval', { interval: BRACKET_INTERVAL_US })
  session.post('Profiler.start')
  const bracket = { lowUs: -Infinity, highUs: Infinity }
  for (let round = 0; round < BRACKET_ROUNDS; round++) {
    samplingProfilerStackTraces()
    const startUs = nowUs()
    let endUs = startUs
    while (endUs < startUs + ROUND_US) {
      endUs = nowUs()
    }
    for (const { timestamp } of samplingProfilerStackTraces().traces) {
      bracket.highUs = Math.min(bracket.highUs, timestamp * 1e6 - startUs)
      bracket.lowUs = Math.max(bracket.lowUs, timestamp * 1e6 - endUs)
    }
  }
  session.post('Profiler.stop')
  return bracket
}

/** Reads one clock between two readings of the other; the closest of some is off by less than a microsecond. */
function compareClocks(readUs: () => number, nowUs: () => number): number {
  let best = { offsetUs: NaN, widthUs: Infinity }
  for (let i = 0; i < 10; i++) {
    const beforeUs = nowUs()
    const readAt = readUs()
    const afterUs = nowUs()
    const widthUs = afterUs - beforeUs
    if (widthUs < best.widthUs) {
      best = { offsetUs: readAt - (beforeUs + afterUs) / 2, widthUs }
    }
  }
  return best.offsetUs
}

/** C libraries, and the number of the monotonic clock in them. macOS: `CLOCK_UPTIME_RAW`. */
const LIBRARIES: Partial<Record<NodeJS.Platform, { names: string[]; clock: number }>> = {
  linux: { names: ['libc.so.6', `libc.musl-${muslArchitecture()}.so.1`], clock: 1 },
  darwin: { names: ['libSystem.B.dylib'], clock: 8 },
}

function muslArchitecture(): string {
  return process.arch === 'arm64' ? 'aarch64' : 'x86_64'
}

function loadMonotonicClock(): (() => number) | undefined {
  const { names, clock } = LIBRARIES[process.platform] ?? { names: [], clock: 0 }
  for (const name of names) {
    try {
      const { symbols } = dlopen(name, { clock_gettime: { args: ['i32', 'ptr'], returns: 'i32' } })
      const time = new BigInt64Array(2)
      return () => {
        symbols.clock_gettime(clock, time)
        return Number(time[0]) * 1e6 + Number(time[1]) / 1e3
      }
    } catch {
      // Another C library, or foreign code is forbidden.
    }
  }
  return undefined
}
