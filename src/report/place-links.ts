import type { Frame } from '../session/frame.ts'
import { STATE_FRAMES } from '../session/frame.ts'
import { functionKey } from '../session/identity.ts'
import type { FunctionRecord, SessionData } from '../session/records.ts'
import { buildCallTree } from '../session/tree.ts'
import { callKey, entriesOf } from './places.ts'

/** Names places in the call tree, in a word that also finds them in another recording of the same code. */
export interface PlaceLinks {
  /** Undefined for the root, and for a frame of no stack of this session. */
  write: (frame: Frame) => string | undefined
  /** The frame in a call tree of its own; undefined when the session has no such place. */
  read: (text: string | undefined) => Frame | undefined
}

export function createPlaceLinks(data: SessionData): PlaceLinks {
  let hashes: Uint32Array | undefined
  const allHashes = () => (hashes ??= hashStacks(data))
  return {
    write(frame) {
      const place = frame.isSynthetic ? frame.parent : frame
      const [entry = -1] = place?.parent ? entriesOf(data, place) : []
      const state = frame.isSynthetic ? `.${frame.function.slice(1, -1)}` : ''
      return entry < 0 ? undefined : allHashes()[entry]!.toString(36) + state
    },
    read(text) {
      const [place, state] = (text ?? '').split('.')
      const entry = place ? allHashes().indexOf(Number.parseInt(place, 36)) : -1
      return entry < 0 ? undefined : frameOf(data, entry, state)
    },
  }
}

function frameOf(data: SessionData, entry: number, state: string | undefined): Frame | undefined {
  const path: string[] = []
  for (let each = entry; each >= 0; each = data.stacks.parent[each]!) {
    path.push(functionKey(data.functions[data.stacks.function[each]!]!))
  }
  let frame: Frame | undefined = buildCallTree(data)
  for (const key of path.reverse()) {
    frame = frame?.children.find((child) => callKey(child) === key)
  }
  const leaf = STATE_FRAMES.includes(`[${state}]`)
    ? frame?.children.find((child) => child.isSynthetic && child.function === `[${state}]`)
    : undefined
  return leaf ?? frame
}

/** By name and short path, which outlast an edit elsewhere in the file and a move of the project. */
function hashStacks({ stacks, functions }: SessionData): Uint32Array {
  const ofFunction = hashFunctions(functions)
  const hashes = new Uint32Array(stacks.parent.length)
  for (let entry = 0; entry < hashes.length; entry++) {
    const parent = stacks.parent[entry]!
    const above = parent < 0 ? FNV_OFFSET : hashes[parent]!
    hashes[entry] = Math.imul(above ^ ofFunction[stacks.function[entry]!]!, FNV_PRIME)
  }
  return hashes
}

/** Functions of one name in one file, like those without any, are told apart by their order. */
function hashFunctions(functions: readonly FunctionRecord[]): number[] {
  const hashes: number[] = []
  const count = new Map<string, number>()
  const inOrder = functions.map((record, index) => ({ record, index }))
  inOrder.sort((a, b) => a.record.line - b.record.line || a.record.column - b.record.column)
  for (const { record, index } of inOrder) {
    const key = `${record.name}\0${record.fileShort}`
    const before = count.get(key) ?? 0
    count.set(key, before + 1)
    hashes[index] = hashText(`${key}\0${before}`)
  }
  return hashes
}

const FNV_OFFSET = 0x811c9dc5
const FNV_PRIME = 0x01000193

/** FNV-1a. */
function hashText(text: string): number {
  let hash = FNV_OFFSET
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), FNV_PRIME)
  }
  return hash >>> 0
}
