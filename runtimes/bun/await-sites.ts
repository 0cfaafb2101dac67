import type { Hook } from '../../src/capture/await-tracker.ts'

/** Functions that the preload puts around expressions, under names that all modules see. */
export const AWAIT = '__honoProfilerAwait'
export const CALL = '__honoProfilerCall'

/** Takes the stack of a line that awaits, undefined where nobody wants it. */
export type WatchAwait = (hook: Hook) => unknown

type AwaitFunction = ((value: unknown) => unknown) & { watch?: WatchAwait | undefined }

const NativePromise = Promise
const promisePrototype = Promise.prototype

/** The line that is about to await a promise. */
let site: { promise: object; stack: unknown } | undefined

/** Makes the functions, once for each process. */
export function installAwait(): void {
  const awaited: AwaitFunction = (value) => {
    const stack = awaited.watch?.(awaited)
    if (stack === undefined) {
      return value
    }
    // What is no plain promise is awaited by way of one anyway; made here, it is seen.
    const promise = isPlainPromise(value) ? value : NativePromise.resolve(value)
    site = { promise, stack }
    return promise
  }
  Object.defineProperty(globalThis, AWAIT, { value: awaited, configurable: true })
  Object.defineProperty(globalThis, CALL, {
    value: (result: unknown) => result,
    configurable: true,
  })
}

function isPlainPromise(value: unknown): value is object {
  const isObject = typeof value === 'object' && value !== null
  return isObject && Object.getPrototypeOf(value) === promisePrototype
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
