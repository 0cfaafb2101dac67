import type { StackTable } from '../session/records.ts'

/** The stack of the request itself, above all functions. */
export const REQUEST = -1

/** Builds the interned trie of stacks. */
export class StackBuilder {
  readonly table: StackTable = { parent: [], function: [], line: [] }
  readonly #children = new Map<string, number>()

  /** The entry for `fn` at `line`, called by entry `parent`. */
  push(parent: number, fn: number, line: number): number {
    const key = `${parent},${fn},${line}`
    let entry = this.#children.get(key)
    if (entry === undefined) {
      entry = this.table.parent.push(parent) - 1
      this.table.function.push(fn)
      this.table.line.push(line)
      this.#children.set(key, entry)
    }
    return entry
  }

  parentOf(entry: number): number {
    return this.table.parent[entry]!
  }

  functionOf(entry: number): number {
    return this.table.function[entry]!
  }

  /** The entry nearest to `entry`, itself included, whose function is `fn`; REQUEST when there is none. */
  nearest(entry: number, fn: number): number {
    let at = entry
    while (at !== REQUEST && this.functionOf(at) !== fn) {
      at = this.parentOf(at)
    }
    return at
  }

  /** The entries from the outermost to `entry`. */
  pathTo(entry: number): number[] {
    const path: number[] = []
    for (let at = entry; at !== REQUEST; at = this.parentOf(at)) {
      path.push(at)
    }
    return path.reverse()
  }
}
