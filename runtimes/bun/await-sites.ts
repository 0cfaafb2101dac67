import type { Hook } from '../../src/capture/await-tracker/port.ts'
import { noteComputedName } from './computed-names.ts'

/** Functions that the preload puts around expressions, under names that all modules see. */
export const AWAIT = '__honoProfilerAwait'
export const CALL = '__honoProfilerCall'
export const ITERATE = '__honoProfilerIterate'
export const KEY = '__honoProfilerKey'

/** Told of lines that await. */
export interface AwaitWatcher {
  /** Takes the stack of a line that awaits, undefined where nobody wants it. */
  stackOf: (hook: Hook) => unknown
  /** Called where the line causes the microtask that is put in the queue next. */
  defer: (name: string, hook: Hook) => void
}

type AwaitFunction = ((value: unknown) => unknown) & { watch?: AwaitWatcher | undefined }

const NativePromise = Promise
const promisePrototype = Promise.prototype

/** The line that is about to await a promise. */
let site: { promise: object; stack: unknown } | undefined

/** Makes the functions, once for each process. */
export function installAwait(): void {
  const awaited: AwaitFunction = (value) => {
    const { watch } = awaited
    const stack = watch?.stackOf(awaited)
    if (!watch || stack === undefined) {
      return value
    }
    let promise = value
    if (!isPlainPromise(promise)) {
      if (isObject(value) && 'then' in value) {
        watch.defer('then', awaited)
      }
      // What is no plain promise is awaited by way of one anyway; made here, it is seen.
      promise = NativePromise.resolve(value)
    }
    site = { promise: promise as object, stack }
    return promise
  }
  const iterated = (value: unknown): unknown => {
    const { watch } = awaited
    const isWatched = watch?.stackOf(iterated) !== undefined
    return watch && isWatched && isAsyncIterable(value) ? watchedIterable(watch, value) : value
  }
  const globals: Record<string, unknown> = {
    [AWAIT]: awaited,
    [CALL]: (result: unknown) => result,
    [ITERATE]: iterated,
    [KEY]: noteComputedName,
  }
  for (const [name, value] of Object.entries(globals)) {
    Object.defineProperty(globalThis, name, { value, configurable: true })
  }
}

/**
 * What `for await` iterates over, where leaving the loop is seen: a generator goes on to its `finally` in a microtask
 * of which no stack tells the loop. So is the line of the loop, where what it waits for has none: a stream's next chunk.
 */
function watchedIterable(
  watch: AwaitWatcher,
  iterable: AsyncIterable<unknown>
): AsyncIterable<unknown> {
  return {
    [Symbol.asyncIterator]() {
      const iterator = iterable[Symbol.asyncIterator]()
      return {
        next: function wrapper() {
          const promise = iterator.next()
          const stack = isPlainPromise(promise) ? watch.stackOf(wrapper) : undefined
          if (stack !== undefined) {
            site = { promise, stack }
          }
          return promise
        },
        get return() {
          return 'return' in iterator ? watchedReturn(watch, () => iterator.return!()) : undefined
        },
      }
    },
  }
}

type Leave = () => Promise<IteratorResult<unknown>>

function watchedReturn(watch: AwaitWatcher, leave: Leave): Leave {
  return function wrapper() {
    watch.defer('return', wrapper)
    return leave()
  }
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return isObject(value) && Symbol.asyncIterator in value
}

function isPlainPromise(value: unknown): boolean {
  return isObject(value) && Object.getPrototypeOf(value) === promisePrototype
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}

/** The function around awaited values, where the program runs with the preload. */
export function installedAwait(): AwaitFunction | undefined {
  return (globalThis as { [AWAIT]?: AwaitFunction })[AWAIT]
}

/** The stack of the line that awaits a promise now; undefined when it is not known. */
export function takeAwaitSite(promise: object): unknown {
  const stack = site?.promise === promise ? site.stack : undefined
  site = undefined
  return stack
}
