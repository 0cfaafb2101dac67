import type { FunctionRecord, StackTable } from '../session/records.ts'

interface Tables {
  functions: FunctionRecord[]
  stacks: StackTable
}

/**
 * Leaves out the stacks and functions that nothing points at: callers of the request itself, operations that
 * nobody waited for. Changes the columns in `uses`, which hold stack entries, to the new ones.
 */
export function compact({ functions, stacks }: Tables, uses: readonly number[][]): Tables {
  const isUsed = new Uint8Array(stacks.parent.length)
  for (const column of uses) {
    for (const stack of column) {
      if (stack >= 0) {
        isUsed[stack] = 1
      }
    }
  }
  for (let entry = stacks.parent.length - 1; entry >= 0; entry--) {
    const parent = stacks.parent[entry]!
    if (isUsed[entry] && parent >= 0) {
      isUsed[parent] = 1
    }
  }
  const newFunctions = new Renumbering<FunctionRecord>(functions)
  const newEntries = new Int32Array(stacks.parent.length).fill(-1)
  const kept: StackTable = { parent: [], function: [], line: [] }
  for (let entry = 0; entry < isUsed.length; entry++) {
    if (isUsed[entry]) {
      newEntries[entry] = kept.parent.push(newEntries[stacks.parent[entry]!] ?? -1) - 1
      kept.function.push(newFunctions.of(stacks.function[entry]!))
      kept.line.push(stacks.line[entry]!)
    }
  }
  for (const column of uses) {
    column.forEach((stack, i) => {
      column[i] = stack < 0 ? stack : newEntries[stack]!
    })
  }
  return { functions: newFunctions.items, stacks: kept }
}

/** Numbers items anew, in the order in which they are asked for. */
class Renumbering<T> {
  readonly items: T[] = []
  readonly #numbers = new Map<number, number>()
  readonly #all: readonly T[]

  constructor(all: readonly T[]) {
    this.#all = all
  }

  of(index: number): number {
    let number = this.#numbers.get(index)
    if (number === undefined) {
      number = this.items.push(this.#all[index]!) - 1
      this.#numbers.set(index, number)
    }
    return number
  }
}
