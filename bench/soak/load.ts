import { setTimeout as sleep } from 'node:timers/promises'
import { Exchange } from './exchange.ts'
import { plan } from './mix.ts'
import { profiled } from './profiled.ts'
import type { Health } from './server.ts'

/** One in so many requests asks for its profile. */
const PROFILED_SHARE = 20

/** Clients, and recordings at once in the burst before each look at the server. */
const AT_ONCE = 32

/** Different failures that are told; they repeat. */
const MOST_TOLD = 10

/** What came of the requests so far. */
export interface Tally {
  requests: number
  profiled: number
  /** Answers that are not what they have to be. */
  wrong: number
  /** Requests without an answer. */
  errors: number
  failures: Set<string>
}

/** Mixed load on a server, from up to 32 clients at once. */
export class Load {
  readonly tally: Tally = { requests: 0, profiled: 0, wrong: 0, errors: 0, failures: new Set() }
  readonly #exchange: Exchange
  #next = 1

  constructor(port: number) {
    this.#exchange = new Exchange(port)
  }

  /** Loads the server for some time, then with 32 profiles at once; nothing is under way when it ends. */
  async run(ms: number): Promise<void> {
    const endMs = performance.now() + ms
    await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => this.#client(i, endMs)))
    await Promise.all(Array.from({ length: AT_ONCE }, () => this.#request(this.#next++, true)))
  }

  /** What the server says of itself, asked over a connection of its own. */
  async health(): Promise<Health> {
    this.#exchange.close()
    // The server closes its ends of the connections, and ends what clients left, a moment later.
    await sleep(200)
    const { body } = await this.#exchange.ask({ method: 'GET', path: '/health' })
    return JSON.parse(body.toString()) as Health
  }

  /** A client that rests between its requests; the higher its number, the longer. */
  async #client(number: number, endMs: number): Promise<void> {
    while (performance.now() < endMs) {
      const id = this.#next++
      await this.#request(id, id % PROFILED_SHARE === 0)
      await sleep(number * 4 * ((id * 7919) % 10))
    }
  }

  async #request(id: number, isProfiled: boolean): Promise<void> {
    const { tally } = this
    const planned = isProfiled ? profiled(plan(id), tally.profiled++) : plan(id)
    tally.requests++
    try {
      const answer = await this.#exchange.ask(planned.asked)
      try {
        planned.check(answer)
      } catch (error) {
        tally.wrong++
        this.#tell(planned.asked, error)
      }
    } catch (error) {
      tally.errors++
      this.#tell(planned.asked, error)
    }
  }

  #tell({ method, path }: { method: string; path: string }, error: unknown): void {
    if (this.tally.failures.size < MOST_TOLD) {
      this.tally.failures.add(`${new Date().toISOString()} ${method} ${path}: ${String(error)}`)
    }
  }
}
