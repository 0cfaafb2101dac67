/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const DEEPEST = 4
/** Milliseconds that a program may take, nominally. */
const BUDGET = 250

/**
 * Writes a program that nests async functions, loops, combinators, chains, generators and callbacks by chance.
 * It is the source of a module that exports `main(scope)`; every function tells the ledger what it does.
 */
export function randomProgram(seed: number): string {
  return new ProgramWriter(seed).write()
}

class ProgramWriter {
  readonly #random: () => number
  readonly #functions: string[] = []
  #count = 0
  #budget = BUDGET

  constructor(seed: number) {
    this.#random = randomNumbers(seed)
  }

  write(): string {
    const main = this.#asyncFunction(0)
    return [
      `import { sleep } from '../workload.js'`,
      ...this.#functions,
      `export const main = ${main}`,
    ].join('\n\n')
  }

  #between(least: number, most: number): number {
    return least + Math.floor(this.#random() * (most - least + 1))
  }

  /** Milliseconds for one step, taken from the budget. */
  #spend(least: number, most: number): number {
    const ms = this.#between(least, most)
    this.#budget -= ms
    return ms
  }

  #newName(): string {
    return `f${this.#count++}`
  }

  /** Writes a function and returns its name. It resolves to the scope that it was given. */
  #asyncFunction(depth: number): string {
    const name = this.#newName()
    const steps = Array.from({ length: this.#between(2, 3) }, () => this.#step(depth))
    this.#functions.push(
      `async function ${name}(scope) {
  const own = scope.in('${name}')
  ${steps.join('\n  ')}
  return scope
}`
    )
    return name
  }

  #step(depth: number): string {
    if (depth === DEEPEST || this.#budget <= 0) {
      return this.#random() < 0.5 ? this.#burn() : this.#sleep()
    }
    const steps = [
      () => this.#burn(),
      () => this.#sleep(),
      () => `await ${this.#asyncFunction(depth + 1)}(own)`,
      () => this.#syncCall(),
      () => this.#loop(depth),
      () => this.#all(depth, this.#random() < 0.5 ? 'all' : 'allSettled'),
      () => this.#race(depth),
      () => this.#startedEarly(depth),
      () => this.#chain(depth),
      () => this.#generator(depth),
      () => this.#callback(),
      () => this.#throwing(depth),
    ]
    return steps[this.#between(0, steps.length - 1)]!()
  }

  #burn(): string {
    return `own.burn(${this.#spend(6, 15)})`
  }

  #sleep(): string {
    return `{ const resumed = own.wait(); await sleep(${this.#spend(10, 40)}); resumed() }`
  }

  #syncCall(): string {
    const name = this.#newName()
    this.#functions.push(
      `function ${name}(scope) { scope.in('${name}').burn(${this.#spend(6, 15)}) }`
    )
    return `${name}(own)`
  }

  #loop(depth: number): string {
    const before = this.#budget
    const name = this.#asyncFunction(depth + 1)
    this.#budget -= before - this.#budget
    return `for (let i = 0; i < 2; i++) { await ${name}(own) }`
  }

  #all(depth: number, combinator: string): string {
    const names = Array.from({ length: this.#between(2, 3) }, () => this.#asyncFunction(depth + 1))
    return `await Promise.${combinator}([${names.map((name) => `${name}(own)`).join(', ')}])`
  }

  #race(depth: number): string {
    const names = [this.#asyncFunction(depth + 1), this.#asyncFunction(depth + 1)]
    return `{
    const branches = [own.branch(), own.branch()]
    const winner = await Promise.race([${names[0]}(branches[0]), ${names[1]}(branches[1])])
    branches.filter((branch) => branch !== winner).forEach((branch) => branch.abandon())
  }`
  }

  #startedEarly(depth: number): string {
    const name = this.#asyncFunction(depth + 1)
    return `{ const early = ${name}(own); ${this.#step(DEEPEST)}; await early }`
  }

  #chain(depth: number): string {
    const [first, second] = [this.#asyncFunction(depth + 1), this.#asyncFunction(depth + 1)]
    const name = this.#newName()
    return `await ${first}(own).then(function ${name}() {
    const inner = own.in('${name}')
    inner.burn(${this.#spend(6, 12)})
    return ${second}(inner)
  })`
  }

  #generator(depth: number): string {
    const name = this.#newName()
    const steps = [this.#step(depth + 1), this.#step(DEEPEST)]
    this.#functions.push(
      `async function* ${name}(scope) {
  const own = scope.in('${name}')
  ${steps[0]}
  yield 1
  ${steps[1]}
  yield 2
}`
    )
    return `for await (const row of ${name}(own)) { own.burn(6 + row) }`
  }

  #callback(): string {
    const name = this.#newName()
    return `{
    const resumed = own.wait()
    await new Promise((resolve) => setTimeout(function ${name}() {
      resumed()
      own.in('${name}').burn(${this.#spend(6, 12)})
      resolve()
    }, ${this.#spend(10, 30)}))
  }`
  }

  #throwing(depth: number): string {
    const name = this.#newName()
    this.#functions.push(
      `async function ${name}(scope) {
  const own = scope.in('${name}')
  ${this.#step(depth + 1)}
  throw new Error('expected')
}`
    )
    return `try { await ${name}(own) } catch { own.burn(${this.#spend(6, 12)}) }`
  }
}
