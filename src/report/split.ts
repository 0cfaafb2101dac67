import type { Frame } from '../session/frame.ts'
import type { State, Totals } from '../session/records.ts'

/** How the page names a state. */
export interface StateLabel {
  state: State
  /** A word for the legend. */
  label: string
  /** What follows a figure: `12 ms computing`. */
  doing: string
  meaning: string
}

/** In the order in which bars show them. */
export const stateLabels: readonly StateLabel[] = [
  {
    state: 'cpu',
    label: 'Computing',
    doing: 'computing',
    meaning: 'cpu: the request’s own JavaScript was running, or native code that it called.',
  },
  {
    state: 'gc',
    label: 'Garbage collection',
    doing: 'collecting garbage',
    meaning: 'gc: memory was reclaimed while the request was running.',
  },
  {
    state: 'await',
    label: 'Waiting',
    doing: 'waiting',
    meaning: 'await: the request waited for something: a timer, the network, a database.',
  },
  {
    state: 'blocked',
    label: 'Blocked',
    doing: 'blocked',
    meaning: 'blocked: what it waited for was ready, but other work held the event loop.',
  },
]

/** What frames and lines know about their time, in milliseconds. */
export type Timed = Pick<Frame, 'time' | 'cpuTime' | 'awaitTime' | 'blockedTime'> &
  Partial<Pick<Frame, 'gcTime'>>

/** The milliseconds of a frame or line by state; they add up to its time. */
export function splitOf({ cpuTime, gcTime = 0, awaitTime, blockedTime }: Timed): Totals {
  return { cpu: cpuTime - gcTime, gc: gcTime, await: awaitTime, blocked: blockedTime }
}
