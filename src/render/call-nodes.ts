import { STATE_FRAMES } from '../session/frame.ts'
import type { FunctionRecord, SessionData } from '../session/records.ts'
import { CPU } from '../session/records.ts'

/** A frame as formats of other tools know it: a function, or a state as if it was one. */
export interface CallFrame extends Pick<FunctionRecord, 'name' | 'file' | 'fileShort'> {
  /** Where a function is defined, or the line that waits in a state; 0 when unknown. */
  line: number
  column: number
  isState: boolean
}

/**
 * The calls of a session as a trie in columns, for formats that know only functions. Node 0 is the request;
 * parents stand before children. Waiting, being blocked and collecting garbage are leaves of their own.
 */
export interface CallNodes {
  frames: CallFrame[]
  parent: number[]
  /** Positions in `frames`. */
  frame: number[]
  depth: number[]
  /** The node of each sample, in order of time. */
  samples: number[]
}

/** Turns stacks and states into nodes. Calls of a function from several lines of its caller are one node. */
export function callNodes(data: SessionData): CallNodes {
  const nodes = new NodeTable(data.meta.description)
  const nodeOfEntry = nodesOfEntries(data, nodes)
  const { stack, state } = data.samples
  const samples = stack.map((entry, i) => {
    const node = entry < 0 ? 0 : nodeOfEntry[entry]!
    return state[i] === CPU && entry >= 0
      ? node
      : nodes.child(node, nodes.stateFrame(data, entry, state[i]!))
  })
  return { ...nodes.columns, samples }
}

/** The node of each stack entry that a sample has on its stack; 0 for the others. */
function nodesOfEntries(data: SessionData, nodes: NodeTable): Int32Array {
  const { parent, function: fn } = data.stacks
  const isUsed = new Uint8Array(parent.length)
  for (const entry of data.samples.stack) {
    if (entry >= 0) {
      isUsed[entry] = 1
    }
  }
  for (let entry = parent.length - 1; entry >= 0; entry--) {
    if (isUsed[entry] && parent[entry]! >= 0) {
      isUsed[parent[entry]!] = 1
    }
  }
  const nodeOfEntry = new Int32Array(parent.length)
  for (let entry = 0; entry < parent.length; entry++) {
    if (isUsed[entry]) {
      const caller = parent[entry]! < 0 ? 0 : nodeOfEntry[parent[entry]!]!
      nodeOfEntry[entry] = nodes.child(caller, nodes.functionFrame(data, fn[entry]!))
    }
  }
  return nodeOfEntry
}

class NodeTable {
  readonly columns: Omit<CallNodes, 'samples'>
  readonly #children = new Map<string, number>()
  readonly #frames = new Map<string, number>()

  constructor(description: string) {
    const request = { file: '', fileShort: '', line: 0, column: 0, isState: false }
    this.columns = {
      frames: [{ name: description, ...request }],
      parent: [-1],
      frame: [0],
      depth: [0],
    }
  }

  child(parent: number, frame: number): number {
    const { columns } = this
    return intern(this.#children, `${parent},${frame}`, () => {
      columns.frame.push(frame)
      columns.depth.push(columns.depth[parent]! + 1)
      return columns.parent.push(parent) - 1
    })
  }

  functionFrame({ functions }: SessionData, index: number): number {
    return intern(this.#frames, `${index}`, () => {
      const { name, file, fileShort, line, column } = functions[index]!
      return this.#push({ name, file, fileShort, line, column, isState: false })
    })
  }

  /** The leaf of a state stands at the line that executes: formats of functions have no other place for it. */
  stateFrame({ functions, stacks }: SessionData, entry: number, state: number): number {
    const line = stacks.line[entry] ?? 0
    const holder = functions[stacks.function[entry] ?? -1]
    const { file = '', fileShort = '' } = holder ?? {}
    return intern(this.#frames, `${state} ${line} ${file}`, () =>
      this.#push({ name: STATE_FRAMES[state]!, file, fileShort, line, column: 0, isState: true })
    )
  }

  #push(frame: CallFrame): number {
    return this.columns.frames.push(frame) - 1
  }
}

function intern(positions: Map<string, number>, key: string, add: () => number): number {
  let position = positions.get(key)
  if (position === undefined) {
    positions.set(key, (position = add()))
  }
  return position
}
