import { describe, expect, it } from 'vitest'
import type { ApiTracker } from '../../src/capture/await-tracker/port.ts'
import { Track } from '../../src/capture/track.ts'
import { wrapMethod, wrapObject, wrapWebApis } from '../../src/capture/wrapped-apis.ts'

/** Notes all calls as if one recording were live: `name` when called, `name settled` when its promise is. */
function watchingTracker(): ApiTracker & { events: string[] } {
  const track = new Track(undefined)
  const events: string[] = []
  return {
    events,
    note(name) {
      events.push(name)
      const operation = track.add('callback', 0, -1)
      operation.name = name
      return operation
    },
    call: (_operation, callback) => callback(),
    settles({ name }, promise) {
      const settle = (): void => {
        events.push(`${name} settled`)
      }
      ;(promise as Promise<unknown>).then(settle, settle)
    },
  }
}

/** What an application can see of the functions that are replaced. */
function descriptors(): unknown[] {
  return [
    Object.getOwnPropertyDescriptors(globalThis).fetch,
    Object.getOwnPropertyDescriptors(Response.prototype),
    Object.getOwnPropertyDescriptors(Request.prototype),
    Object.getOwnPropertyDescriptors(Blob.prototype),
    Object.getOwnPropertyDescriptors(ReadableStreamDefaultReader.prototype),
    Object.getOwnPropertyDescriptors(Object.getPrototypeOf(crypto.subtle) as object),
  ]
}

describe('the web platform', () => {
  it('is seen while it is wrapped, and as it was after', async () => {
    const before = descriptors()
    const tracker = watchingTracker()
    const restore = wrapWebApis(tracker)
    const response = await fetch('data:application/json,{"id":7}')
    expect(await response.json()).toEqual({ id: 7 })
    await crypto.subtle.digest('SHA-256', new Uint8Array(1))
    const reader = new Response('text').body!.getReader()
    await reader.read()
    const seen = tracker.events.length
    // The platform may read bodies by its own streams, which are seen as well.
    expect([...new Set(tracker.events)].sort()).toEqual(
      ['fetch', 'Response.json', 'crypto.subtle.digest', 'ReadableStream.read']
        .flatMap((name) => [name, `${name} settled`])
        .sort()
    )
    restore()
    expect(descriptors()).toEqual(before)
    await fetch('data:,')
    expect(tracker.events).toHaveLength(seen)
  })

  it('has its names, lengths and errors', async () => {
    const names = [fetch.name, fetch.length, Response.prototype.json.name]
    const restore = wrapWebApis(watchingTracker())
    try {
      expect([fetch.name, fetch.length, Response.prototype.json.name]).toEqual(names)
      await expect(fetch('nowhere:')).rejects.toThrow(TypeError)
      await expect(new Response('{').json()).rejects.toThrow(SyntaxError)
      // eslint-disable-next-line @typescript-eslint/unbound-method -- it is to be called on the wrong object
      const json = Response.prototype.json
      await expect(json.call({} as Response)).rejects.toThrow(TypeError)
    } finally {
      restore()
    }
  })

  it('stays as the application has changed it meanwhile', async () => {
    const original = globalThis.fetch
    const tracker = watchingTracker()
    const restore = wrapWebApis(tracker)
    const wrapped = globalThis.fetch
    const own: typeof fetch = (input, init) => wrapped(input, init)
    globalThis.fetch = own
    restore()
    try {
      expect(globalThis.fetch).toBe(own)
      expect((await fetch('data:,')).status).toBe(200)
    } finally {
      globalThis.fetch = original
    }
  })
})

describe('a method', () => {
  class Store {
    #rows = new Map([['a', 1]])
    get(key: string): Promise<number | undefined> {
      return Promise.resolve(this.#rows.get(key))
    }
    count(): number {
      return this.#rows.size
    }
  }

  it('is replaced where it is defined, and seen under its label', async () => {
    const own = Object.getOwnPropertyDescriptors(Store.prototype)
    const tracker = watchingTracker()
    const store = new Store()
    const restore = wrapMethod(tracker, store, 'get', 'KV.get')!
    expect(await store.get('a')).toBe(1)
    expect(Object.keys(store)).toEqual([])
    restore()
    expect(Object.getOwnPropertyDescriptors(Store.prototype)).toEqual(own)
    expect(tracker.events).toEqual(['KV.get', 'KV.get settled'])
    expect(wrapMethod(tracker, store, 'missing')).toBeUndefined()
  })
})

/** Every name of it is a function that can be called, awaited or asked for another, as Workers' RPC has it. */
interface Remote extends PromiseLike<string> {
  (...args: unknown[]): Remote
  size: Remote
  list: Remote
  first: Remote
  title: Remote
  text: Remote
}

function remote(path = 'STUB'): Remote {
  const then = (settle: (value: string) => void): void => {
    settle(path)
  }
  const isStub = path === 'STUB'
  return new Proxy((() => undefined) as unknown as Remote, {
    has: (_, key) => key === 'then' && !isStub,
    get: (_, key) => (key === 'then' ? !isStub && then : remote(`${path}.${String(key)}`)),
    apply: (_, _this, args) => remote(`${path}(${args.join()})`),
  })
}

describe('an object', () => {
  class Statement {
    #values: unknown[] = []
    bind(...values: unknown[]): this {
      this.#values = values
      return this
    }
    all(): Promise<unknown[]> {
      return Promise.resolve(this.#values)
    }
    static valuesOf(statement: Statement): unknown[] {
      return statement.#values
    }
  }
  class Database {
    readonly #name = 'shop'
    get name(): string {
      return this.#name
    }
    prepare(_sql: string): Statement {
      return new Statement()
    }
    batch(statements: Statement[]): Promise<unknown[][]> {
      return Promise.resolve(statements.map((statement) => Statement.valuesOf(statement)))
    }
    info(): object {
      return { name: this.#name }
    }
  }

  it('shows its calls, and those of the objects that they return', async () => {
    const tracker = watchingTracker()
    const db = wrapObject(tracker, new Database(), 'DB')
    expect(db).toBeInstanceOf(Database)
    expect(db.name).toBe('shop')
    expect(await db.prepare('select ?').bind(7).all()).toEqual([7])
    expect(tracker.events.filter((event) => event.endsWith('settled'))).toEqual([
      'DB.prepare.bind.all settled',
    ])
    expect(Reflect.get(db, 'prepare')).toBe(Reflect.get(db, 'prepare'))
  })

  it('gives native code the objects themselves, and plain data as it is', async () => {
    const real = new Database()
    const db = wrapObject(watchingTracker(), real, 'DB')
    const statements = [db.prepare('a').bind(1), db.prepare('b').bind(2)]
    expect(await db.batch(statements)).toEqual([[1], [2]])
    expect(Object.getPrototypeOf(db.info())).toBe(Object.prototype)
  })

  it('gives what a remote property is, and shows when it is awaited or called', async () => {
    const tracker = watchingTracker()
    const stub = wrapObject(tracker, remote(), 'STUB')
    expect(await stub.size).toBe('STUB.size')
    expect(await stub.list(7)).toBe('STUB.list(7)')
    expect(await stub.first().title.text(1)).toBe('STUB.first().title.text(1)')
    expect(tracker.events.filter((event) => event.endsWith('settled'))).toEqual([
      'STUB.size settled',
      'STUB.list settled',
      'STUB.first.title.text settled',
    ])
  })

  it('leaves its constructor as it is', () => {
    expect(wrapObject(watchingTracker(), new Database(), 'DB').constructor).toBe(Database)
  })

  it('gives properties that cannot change as they are', () => {
    const method = (): void => undefined
    const frozen = Object.freeze({ method })
    expect(wrapObject(watchingTracker(), frozen, 'env').method).toBe(method)
  })
})
