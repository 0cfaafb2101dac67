import type { FunctionRecord, SessionData } from '../session/records.ts'
import { compareText } from './order.ts'
import type { HotPath } from './query-options.ts'
import type { StackSums } from './stack-sums.ts'
import { selfByKey, totalByKey } from './stack-sums.ts'

/** The paths of functions in a session. Path 0 is the request itself; parents stand before their children. */
interface PathTable {
  /** The path of each node, without frames that are not asked for. */
  pathOf: Int32Array
  parent: number[]
  /** Position in the session's functions; -1 for the request. */
  function: number[]
}

interface HotPathQuery {
  isAsked: (file: string) => boolean
  by: 'self' | 'total'
  depth: number
}

/** The time of every path that has some, most first. Paths that look the same are one. */
export function hotPathTimes(
  data: SessionData,
  sums: StackSums,
  { isAsked, by, depth }: HotPathQuery
): HotPath[] {
  const table = pathTable(data, isAsked)
  const selfUs = selfByKey(sums, table.pathOf, table.parent.length)
  const isShown = by === 'total' ? branching(table, selfUs) : (path: number) => selfUs[path]! > 0
  const keys = new Map<string, number>()
  const keyOfPath = table.parent.map((_parent, path) => {
    if (!isShown(path) || (path === 0 && !isAsked(''))) {
      return -1
    }
    const text = pathText(data, table, path, depth)
    const key = keys.get(text) ?? keys.size
    keys.set(text, key)
    return key
  })
  const keyOfNode = table.pathOf.map((path) => keyOfPath[path]!)
  const sumUs = (by === 'total' ? totalByKey : selfByKey)(sums, keyOfNode, keys.size)
  if (by === 'total' && keyOfPath[0]! >= 0) {
    sumUs[keyOfPath[0]!] = selfUs[0]!
  }
  return [...keys]
    .map(([path, key]) => ({ time: sumUs[key]! / 1000, path }))
    .sort((a, b) => b.time - a.time || compareText(a.path, b.path))
}

function pathTable(data: SessionData, isAsked: (file: string) => boolean): PathTable {
  const { stacks, functions } = data
  const asked = functions.map(({ file }) => isAsked(file))
  const table: PathTable = {
    pathOf: new Int32Array(stacks.parent.length + 1),
    parent: [-1],
    function: [-1],
  }
  const positions = new Map<number, number>()
  stacks.parent.forEach((parentEntry, entry) => {
    const above = table.pathOf[parentEntry + 1]!
    const fn = stacks.function[entry]!
    if (!asked[fn]) {
      table.pathOf[entry + 1] = above
      return
    }
    const key = above * functions.length + fn
    let path = positions.get(key)
    if (path === undefined) {
      positions.set(key, (path = table.parent.push(above) - 1))
      table.function.push(fn)
    }
    table.pathOf[entry + 1] = path
  })
  return table
}

/** Tells the paths that have time and do not pass all of it on to one longer path; the request itself is none. */
function branching({ parent }: PathTable, selfUs: Float64Array): (path: number) => boolean {
  const totalUs = selfUs.slice()
  const longestUs = new Float64Array(totalUs.length)
  for (let path = totalUs.length - 1; path > 0; path--) {
    const above = parent[path]!
    totalUs[above]! += totalUs[path]!
    longestUs[above] = Math.max(longestUs[above]!, totalUs[path]!)
  }
  return (path) =>
    path === 0 ? selfUs[0]! > 0 : totalUs[path]! > 0 && longestUs[path]! < totalUs[path]!
}

function pathText(data: SessionData, table: PathTable, path: number, depth: number): string {
  if (path === 0) {
    return data.meta.description
  }
  const labels: string[] = []
  for (let at = path; at > 0 && labels.length < depth; at = table.parent[at]!) {
    labels.push(frameLabel(data.functions[table.function[at]!]!))
  }
  return labels.reverse().join(' → ')
}

function frameLabel({ name, fileShort, line }: FunctionRecord): string {
  const place = line > 0 ? `${fileShort}:${line}` : fileShort
  return place === '' ? name : `${name} ${place}`
}
