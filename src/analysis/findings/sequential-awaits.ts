import type { SessionData } from '../../session/records.ts'
import { sourceLine } from '../lines.ts'
import { runEdges } from '../runs.ts'
import { isAwait, sumStacks } from '../stack-sums.ts'
import { needsResult } from './dependent-awaits.ts'
import type { Finding } from './finding.ts'
import { isWorthTelling, placeText, shareText, timeText } from './finding.ts'
import { waitsOfParallelCalls } from './parallel-calls.ts'
import { isAttempt, isReturned } from './returned-awaits.ts'
import { differentText, otherLines, repeatedText } from './sequence-text.ts'
import { areStartedTogether } from './started-together.ts'
import type { Sequence, Turn } from './turns.ts'
import { byRequest, byWindow, callKey, lengthOf, turnsByCaller } from './turns.ts'

/** The part of the request that has to be saved. */
const LEAST_SHARE = 0.1

/** So many turns are no chance, even where they are short. */
const MANY_TURNS = 4

/** Two different awaits of one function mostly depend on each other, so what they could save counts for less. */
const LIKELIHOOD_OF_DIFFERENT = 0.5

/** More of them are not read. */
const MOST = 3

/** What comes one after another by its nature: the chunks of a stream, the values of an async generator. */
const CHUNKS = /\bfor\s+await\b|\.(read|next)\(\s*\)/

/** Awaits that follow one another in one function, those that could save most first. */
export function sequentialAwaits(data: SessionData): Finding[] {
  const awaitUs = sumStacks(data, isAwait).totalUs
  return mergeByFunction(data, groupsOf(data))
    .map((sequences) => describe(data, sequences, awaitUs))
    .filter((finding) => finding !== undefined)
    .sort((a, b) => b.saving - a.saving)
    .slice(0, MOST)
}

/** The sequences of more than one turn, by function and the place that calls it. */
function groupsOf(data: SessionData): Sequence[][] {
  const turnsOf = turnsByCaller(data)
  const edgesUs = runEdges(data)
  const parallel = waitsOfParallelCalls(data)
  return [...turnsOf.values()].map((turns) => {
    const around = turnsAround(data, turnsOf, turns[0]!).map(({ startUs }) => startUs)
    const startsUs = [...edgesUs, ...around].sort((a, b) => a - b)
    const isParallel = (turn: Turn): boolean => turn.waits.some((wait) => parallel.has(wait))
    return byWindow(turns, startsUs)
      .filter((sequence) => !sequence.some(isParallel))
      .map((sequence) => withoutFallback(data, sequence))
      .filter((sequence) => sequence.length < 2 || !isChain(data, sequence))
  })
}

/**
 * Leaves out what a function awaits after it was to return: what comes instead, or cleaning up. Where it awaits the
 * same line again, that is another attempt.
 */
function withoutFallback(data: SessionData, sequence: Sequence): Sequence {
  const end = sequence.findIndex(({ site }) => isReturned(data, site)) + 1
  const isAgain = sequence.some(({ site }, i) => i >= end && site === sequence[end - 1]?.site)
  return end > 0 && !isAgain ? sequence.slice(0, end) : sequence
}

/** Whether each await of a call needs the result of the one before it. A line that does so again and again is a loop. */
function isChain(data: SessionData, sequence: Sequence): boolean {
  return sequence.every(({ site }, i) => {
    const before = sequence[i - 1]?.site
    const isLoop = site === before && sequence.length > 2
    return before === undefined || (!isLoop && needsResult(data, site, before))
  })
}

/** One function may be called at several places: its sequences are one finding. */
function mergeByFunction({ stacks }: SessionData, groups: Sequence[][]): Sequence[][] {
  const merged = new Map<number, Sequence[]>()
  for (const sequences of groups.filter((group) => group.some(({ length }) => length > 1))) {
    const fn = stacks.function[sequences[0]![0]!.site]!
    merged.set(fn, [...(merged.get(fn) ?? []), ...sequences])
  }
  return [...merged.values()]
}

/** The turns of the nearest caller that has some: one of its turns is one call of the function. */
function turnsAround(
  { stacks, functions }: SessionData,
  turnsOf: ReadonlyMap<string, Turn[]>,
  { site }: Turn
): Turn[] {
  for (let entry = stacks.parent[site]!; entry >= 0; entry = stacks.parent[entry]!) {
    const turns = turnsOf.get(callKey(stacks, entry))
    if (turns && functions[stacks.function[entry]!]!.origin === 'app') {
      return turns
    }
  }
  return []
}

function describe(
  data: SessionData,
  windows: Sequence[],
  awaitUs: Float64Array
): Finding | undefined {
  const turns = windows.flat()
  const requests = byRequest(data, turns)
  const isLimited = requests.every((calls) => areStartedTogether(data, calls))
  const sequences = isLimited ? requests : windows
  const lines = linesOf(data, turns)
  const sites = new Set(turns.map(({ site }) => site))
  const lengthUs = turns.reduce((sum, turn) => sum + lengthOf(turn), 0)
  const longestUs = sequences.reduce((sum, turns) => sum + Math.max(...turns.map(lengthOf)), 0)
  const time = outermost(data, sites).reduce((sum, site) => sum + awaitUs[site + 1]!, 0) / 1000
  const together = lengthUs > 0 ? (time * longestUs) / lengthUs : time
  const isRepeated = lines[0]!.turns > sequences.length
  const saving = (time - together) * (isRepeated ? 1 : LIKELIHOOD_OF_DIFFERENT)
  const evidence = isRepeated && turns.length >= MANY_TURNS * sequences.length ? 'counted' : 'timed'
  if (turns.length === sequences.length || !isWorthTelling(data, saving, LEAST_SHARE, evidence)) {
    return undefined
  }
  const [{ line }] = lines as [LineTurns]
  const record = data.functions[data.stacks.function[turns[0]!.site]!]!
  if (isRepeated && CHUNKS.test(sourceLine(data, record.file, line) ?? '')) {
    return undefined
  }
  const allLines = lines.map((each) => each.line).sort((a, b) => a - b)
  const figures = `${timeText(data, time)}, ${shareText(data, time)} of the request`
  const at = placeText(record, line)
  const togetherText = timeText(data, together)
  const attempts = turns.filter(({ site }) => isAttempt(data, site)).length
  const areAttempts = !isLimited && attempts > sequences.length
  const repetition = isLimited ? 'limited' : areAttempts ? 'attempts' : 'loop'
  const times = areAttempts ? attempts : lines[0]!.turns
  const { subject, advice } = isRepeated
    ? repeatedText(repetition, times, togetherText)
    : differentText(togetherText)
  return {
    kind: 'sequential-awaits',
    title: `${subject} in ${at}${otherLines(allLines, line)}: ${figures}`,
    advice,
    time,
    saving,
    function: record,
    line,
    waits: turns.flatMap(({ waits }) => waits).sort((a, b) => a - b),
    view: 'timeline',
  }
}

/** Entries that are below no other one: what is below both counts once. */
function outermost({ stacks }: SessionData, entries: ReadonlySet<number>): number[] {
  return [...entries].filter((entry) => {
    let above = stacks.parent[entry]!
    while (above >= 0 && !entries.has(above)) {
      above = stacks.parent[above]!
    }
    return above < 0
  })
}

interface LineTurns {
  line: number
  turns: number
  us: number
}

/** The lines that await, most time first. */
function linesOf(data: SessionData, turns: readonly Turn[]): LineTurns[] {
  const lines = new Map<number, LineTurns>()
  for (const turn of turns) {
    const executing = data.stacks.line[turn.site]!
    const line = executing || data.functions[data.stacks.function[turn.site]!]!.line
    const sum = lines.get(line) ?? { line, turns: 0, us: 0 }
    sum.turns++
    sum.us += lengthOf(turn)
    lines.set(line, sum)
  }
  return [...lines.values()].sort((a, b) => b.us - a.us || a.line - b.line)
}
