import { burn, interruptions } from './burn.ts'

/** Separates the functions of a path, outermost first. */
export const CALLS = ' > '

/** What a function did itself, in milliseconds: on the processor, and waiting. */
export interface OwnTime {
  cpu: number
  wait: number
  /** What may be missing from either: the profiler's own work, and moments too short for the event loop to go on. */
  unsure?: { cpu: number; wait: number }
}

/**
 * Milliseconds. Between two burns the request sets timers, makes promises and goes from one function to the next,
 * which no stretch tells of; a wait that is open elsewhere, in a branch that runs at the same time, covers it.
 */
const LONGEST_STEP = 0.5

/** What a request did, by the path of logical callers. */
export interface Truth {
  duration: number
  functions: Record<string, OwnTime>
  /** The longest time in which the machine kept the request from the processor, or V8 from taking samples. */
  disturbance: number
}

interface Stretch {
  path: string
  /** Whether it is hardly more than what the profiler does at such a place. */
  isUnsure: boolean
  start: number
  end: number
  branch: Branch
}

/** A part of the request that the rest may stop waiting for: a member of a race. */
interface Branch {
  outer: Branch | undefined
  isAbandoned: boolean
}

/**
 * Measures what a request really did, from inside. Times are wall times of the clock that the request itself
 * can read, so it counts on both sides when the machine takes the processor away.
 */
export class Ledger {
  readonly root: Scope = new Scope(this, '', { outer: undefined, isAbandoned: false })
  readonly cpu: Stretch[] = []
  readonly waits: Stretch[] = []
  #start = 0
  #end = 0
  #disturbance = 0

  start(): void {
    interruptions.longest = 0
    this.#start = performance.now()
  }

  stop(): void {
    this.#end = performance.now()
    this.#disturbance = interruptions.longest
  }

  /** When the request held the processor, its end included, in milliseconds of `performance.now()`. */
  busy(): { start: number; end: number }[] {
    return [...this.cpu, { start: this.#end, end: this.#end + 1 }]
  }

  /**
   * Adds up. A moment in which several stretches are open belongs to the innermost one on the processor,
   * else to the wait that ends first among those that the end of the request depends on.
   */
  truth(): Truth {
    const functions: Truth['functions'] = {}
    const needed = this.waits.filter(({ branch }) => !isAbandoned(branch))
    const moments = this.#boundaries()
    for (let i = 1; i < moments.length; i++) {
      const start = moments[i - 1]!
      const end = moments[i]!
      const covers = (stretch: Stretch): boolean => stretch.start <= start && stretch.end >= end
      const computing = this.cpu.filter(covers).sort((a, b) => b.start - a.start)[0]
      const owner = computing ?? needed.filter(covers).sort((a, b) => a.end - b.end)[0]
      if (owner) {
        const own = (functions[owner.path] ??= { cpu: 0, wait: 0, unsure: { cpu: 0, wait: 0 } })
        const part = computing ? 'cpu' : 'wait'
        own[part] += end - start
        if (computing ? owner.isUnsure : end - start < LONGEST_STEP) {
          own.unsure![part] += end - start
        }
      }
    }
    return { duration: this.#end - this.#start, functions, disturbance: this.#disturbance }
  }

  #boundaries(): number[] {
    const times = [...this.cpu, ...this.waits].flatMap(({ start, end }) => [start, end])
    const inside = times.filter((time) => time > this.#start && time < this.#end)
    return [this.#start, ...inside.sort((a, b) => a - b), this.#end]
  }
}

function isAbandoned(branch: Branch): boolean {
  return branch.isAbandoned || (branch.outer !== undefined && isAbandoned(branch.outer))
}

/** A call of a function, as the ledger sees it: its path of logical callers, handed on from caller to callee. */
export class Scope {
  readonly #ledger: Ledger
  readonly #path: string
  readonly #branch: Branch

  constructor(ledger: Ledger, path: string, branch: Branch) {
    this.#ledger = ledger
    this.#path = path
    this.#branch = branch
  }

  /** The scope of the function `name`, which is called in this one. */
  in(name: string): Scope {
    const path = this.#path === '' ? name : this.#path + CALLS + name
    return new Scope(this.#ledger, path, this.#branch)
  }

  /** Spends `ms` milliseconds on the processor. */
  burn(ms: number): void {
    this.cpu(() => {
      burn(ms)
    })
  }

  /** Counts synchronous work as this function's. */
  cpu<T>(work: () => T): T {
    const end = this.work()
    try {
      return work()
    } finally {
      end()
    }
  }

  /** Counts the start of something asynchronous as this function's; a profiler adds more to it than it takes. */
  start<T>(work: () => T): T {
    const end = this.#begin(this.#ledger.cpu, true)
    try {
      return work()
    } finally {
      end()
    }
  }

  /** Begins synchronous work of this function; the function that it returns ends it. */
  work(): () => void {
    return this.#begin(this.#ledger.cpu)
  }

  /** Begins a wait; the function that it returns ends it. One that is never ended lasts as long as the request. */
  wait(): () => void {
    return this.#begin(this.#ledger.waits)
  }

  /** The same function, in a branch that can be abandoned. */
  branch(): Scope {
    return new Scope(this.#ledger, this.#path, { outer: this.#branch, isAbandoned: false })
  }

  /** From here on nothing depends on this branch; what it waits for is not what the request waits for. */
  abandon(): void {
    this.#branch.isAbandoned = true
  }

  #begin(stretches: Stretch[], isUnsure = false): () => void {
    const start = performance.now()
    const stretch = { path: this.#path, isUnsure, start, end: Infinity, branch: this.#branch }
    stretches.push(stretch)
    return () => {
      stretch.end = performance.now()
    }
  }
}
