import type { StackTable } from '../session/records.ts'

/** The stack of the request itself, above all functions. */
export const REQUEST = -1

/** More lines than a file can have. */
const LINES = 2 ** 31

/** Builds the interned trie of stacks. */
export class StackBuilder {
  readonly table: StackTable = { parent: [], function: [], line: [] }
  /** By function and line, for each parent from `REQUEST` on. */
  readonly #children: Map<number, number>[] = [new Map<number, number>()]

  /** The entry for `fn` at `line`, called by entry `parent`. */
  push(parent: number, fn: number, line: number): number {
    const siblings = this.#children[parent - REQUEST]!
    const key = fn * LINES + line
    let entry = siblings.get(key)
    if (entry === undefined) {
      entry = this.table.parent.push(parent) - 1
      this.table.function.push(fn)
      this.table.line.push(line)
      this.#children.push(new Map())
      siblings.set(key, entry)
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
