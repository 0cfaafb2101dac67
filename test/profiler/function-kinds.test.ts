import { expect, it } from 'vitest'
import { bindProfiler, burn, checked, sleep } from '../helpers/bound-profiler.ts'

async function work(): Promise<void> {
  burn(10)
  await sleep(2)
  burn(10)
}

class Orders {
  static async count(): Promise<void> {
    await work()
  }
  async load(): Promise<void> {
    await work()
  }
  arrow = async (): Promise<void> => {
    await work()
  }
  get first(): Promise<void> {
    return (async () => {
      await work()
    })()
  }
  async #secret(): Promise<void> {
    await work()
  }
  async reveal(): Promise<void> {
    await this.#secret()
  }
  async *pages(): AsyncGenerator<number> {
    await work()
    yield 1
    await work()
  }
}

const object = {
  async method() {
    await work()
  },
  async 'quoted name'() {
    await work()
  },
  property: async function () {
    await work()
  },
}

/** Returned, so that V8 infers no name for it either. */
function nameless(): () => Promise<void> {
  return async function () {
    await work()
  }
}

const kinds: Record<string, () => Promise<unknown>> = {
  'an arrow': async () => {
    await work()
  },
  'a function': async function named() {
    await work()
  },
  'a function without a name': nameless(),
  'a static method': () => Orders.count(),
  'a method': () => new Orders().load(),
  'an arrow in a field': () => new Orders().arrow(),
  'a getter': () => new Orders().first,
  'a private method': () => new Orders().reveal(),
  'a method of an object': () => object.method(),
  'a method with a quoted name': () => object['quoted name'](),
  'a function in a property': () => object.property(),
  'an async generator': async () => {
    for await (const page of new Orders().pages()) {
      burn(page)
    }
  },
}

it.each(Object.keys(kinds))('%s is one function, whoever tells of it', async (kind) => {
  const { session } = await bindProfiler().profile(kinds[kind]!)
  const own = checked(session).data.functions.filter(({ file }) => file.includes('function-kinds'))
  const places = own.map(({ line, name }) => `${line} ${name}`)
  expect(places).toEqual([...new Set(places)])
  const lines = own.map(({ line }) => line)
  expect(lines, places.join(', ')).toEqual([...new Set(lines)])
})
