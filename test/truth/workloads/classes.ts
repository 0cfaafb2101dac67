import type { Context } from 'hono'
import type { Scope } from '../ledger.ts'
import type { Env, Workload } from '../workload.ts'
import { enter, sleep } from '../workload.ts'

class Base {
  protected readonly scope: Scope

  constructor(scope: Scope) {
    this.scope = scope
  }

  async save(scope: Scope): Promise<void> {
    const own = scope.in('Base.save')
    const resumed = own.wait()
    await sleep(35)
    resumed()
    own.burn(12)
  }
}

class Repository extends Base {
  static async open(scope: Scope): Promise<Repository> {
    const own = scope.in('Repository.open')
    const resumed = own.wait()
    await sleep(30)
    resumed()
    own.burn(10)
    return new Repository(scope)
  }

  get total(): Promise<number> {
    const own = this.scope.in('get Repository.total')
    own.burn(15)
    return this.#sum(own)
  }

  async find(): Promise<void> {
    const own = this.scope.in('Repository.find')
    own.burn(10)
    await this.#query(own)
    own.burn(10)
  }

  override async save(scope: Scope): Promise<void> {
    const own = scope.in('Repository.save')
    own.burn(14)
    await super.save(own)
  }

  readonly refresh = async (): Promise<void> => {
    const own = this.scope.in('Repository.refresh')
    const resumed = own.wait()
    await sleep(25)
    resumed()
    own.burn(16)
  }

  async #query(scope: Scope): Promise<void> {
    const own = scope.in('Repository.#query')
    const resumed = own.wait()
    await sleep(45)
    resumed()
    own.burn(13)
  }

  async #sum(scope: Scope): Promise<number> {
    const own = scope.in('Repository.#sum')
    const resumed = own.wait()
    await sleep(20)
    resumed()
    own.burn(11)
    return 1
  }
}

async function methods(c: Context<Env>): Promise<Response> {
  const own = enter(c, 'methods')
  const repository = await Repository.open(own)
  await repository.find()
  await repository.refresh()
  await repository.save(own)
  return c.text('done')
}

async function getters(c: Context<Env>): Promise<Response> {
  const own = enter(c, 'getters')
  const repository = new Repository(own)
  const total = await repository.total
  own.burn(10 * total)
  return c.text('done')
}

const service = {
  load: async (scope: Scope): Promise<void> => {
    const own = scope.in('load')
    const resumed = own.wait()
    await sleep(30)
    resumed()
    own.burn(12)
  },
  async ['computed' + 'Name'](scope: Scope): Promise<void> {
    const own = scope.in('computedName')
    const resumed = own.wait()
    await sleep(40)
    resumed()
    own.burn(14)
  },
}

/** Functions that get their name from where they are assigned, and two of one name in one line. */
async function inferredNames(c: Context<Env>): Promise<Response> {
  const own = enter(c, 'inferredNames')
  await service.load(own)
  await service.computedName!(own)
  // prettier-ignore
  const pair = [async function twin() { own.in('twin').burn(10); await first() }, async function twin() { own.in('twin').burn(15); await second() }]
  const first = async (): Promise<void> => {
    const inner = own.in('twin').in('first')
    const resumed = inner.wait()
    await sleep(20)
    resumed()
  }
  const second = async (): Promise<void> => {
    const inner = own.in('twin').in('second')
    const resumed = inner.wait()
    await sleep(30)
    resumed()
  }
  await pair[0]!()
  await pair[1]!()
  return c.text('done')
}

export const classes: Workload[] = [
  { name: 'methods, private methods and super', handlers: [methods] },
  { name: 'getters', handlers: [getters] },
  { name: 'functions named by assignment', handlers: [inferredNames] },
]
