import type { SessionData, StackTable } from '../../session/records.ts'
import { chainEntries } from '../hono-chain.ts'
import { awaitingEntries } from '../lines.ts'
import { edgeBefore, runEdges } from '../runs.ts'

/** Time in which a function waits without a pause: one operation, or several at once. */
export interface Turn {
  startUs: number
  endUs: number
  /** Stack entry of the line that awaits. */
  site: number
  waits: number[]
}

/** Turns of one function, called at one place, within one stretch in which its caller waits for it. */
export type Sequence = Turn[]

/** The turns of each function and place that calls it, in order of time. */
export function turnsByCaller(data: SessionData): Map<string, Turn[]> {
  const sites = awaitingEntries(data)
  const inChain = chainEntries(data)
  const turnsOf = new Map<string, Turn[]>()
  const inOrder = data.waits.map((wait, i) => ({ wait, i }))
  inOrder.sort((a, b) => a.wait.startUs - b.wait.startUs || b.wait.endUs - a.wait.endUs)
  for (const { wait, i } of inOrder) {
    // A helper that only makes the promise runs once a turn: who awaits it is who may have a loop.
    const site = sites[i]!
    if (site < 0 || inChain.has(site)) {
      continue
    }
    const key = callKey(data.stacks, site)
    const turns = turnsOf.get(key) ?? []
    turnsOf.set(key, turns)
    let turn = turns.at(-1)
    if (!turn || wait.startUs >= turn.endUs) {
      turn = { startUs: wait.startUs, endUs: 0, site, waits: [] }
      turns.push(turn)
    }
    turn.endUs = Math.max(turn.endUs, wait.endUs)
    turn.waits.push(i)
  }
  return turnsOf
}

/** The turns of each request of a merged session, in order of time. */
export function byRequest(data: SessionData, turns: readonly Turn[]): Sequence[] {
  const inOrder = [...turns].sort((a, b) => a.startUs - b.startUs)
  return byWindow(inOrder, runEdges(data))
}

/** The turns that begin in each of the windows which begin at these times, in the order given. */
export function byWindow(turns: readonly Turn[], startsUs: readonly number[]): Sequence[] {
  const windows = new Map<number, Sequence>()
  for (const turn of turns) {
    const window = edgeBefore(startsUs, turn.startUs)
    const sequence = windows.get(window) ?? []
    windows.set(window, sequence)
    sequence.push(turn)
  }
  return [...windows.values()]
}

/** Names a function as one place calls it, whichever line of it runs. */
export function callKey({ parent, function: fn }: StackTable, entry: number): string {
  return `${parent[entry]}:${fn[entry]}`
}

/** Microseconds from its start to its end. */
export function lengthOf({ startUs, endUs }: Turn): number {
  return endUs - startUs
}
