import type { ApiTracker } from '../../src/capture/await-tracker/port.ts'
import type { Restore } from '../../src/capture/patch.ts'
import { patchProperty } from '../../src/capture/patch.ts'

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown
type Constructor = new (...args: unknown[]) => object

/** What an application gives to a stream to be called back. */
const CALLBACKS: Record<string, string[]> = {
  TransformStream: ['transform', 'flush'],
  WritableStream: ['write', 'close', 'abort'],
}

/**
 * Sees the callbacks of streams that are made meanwhile, until it is undone: Bun calls them when a chunk of a body has
 * come, without any promise that the program could see.
 */
export function wrapStreams(tracker: ApiTracker): Restore {
  const restores = Object.entries(CALLBACKS).map(([name, callbacks]) =>
    patchProperty(globalThis, name, (original) => {
      const stream = (globalThis as unknown as Record<string, Constructor>)[name]!
      return {
        configurable: true,
        enumerable: original.enumerable ?? false,
        writable: true,
        value: watchedStream(tracker, stream, name, callbacks),
      }
    })
  )
  return () => {
    for (const restore of restores) {
      restore?.()
    }
  }
}

function watchedStream(
  tracker: ApiTracker,
  stream: Constructor,
  name: string,
  callbacks: string[]
): Constructor {
  const watched: Constructor = new Proxy(stream, {
    construct: function wrapper(target, [given, ...strategies]: unknown[], newTarget) {
      const operation = isObject(given) ? tracker.note(name, wrapper) : undefined
      const call = (callback: AnyFunction, args: unknown[]): unknown =>
        tracker.call(operation!, () => callback.apply(given, args))
      const seen = operation ? withCallbacks(given as object, callbacks, call) : given
      const own = newTarget === watched ? target : newTarget
      return Reflect.construct(target, [seen, ...strategies], own) as object
    },
  })
  return watched
}

/** Stands for `given`, of which a stream reads what it calls back; all of that is called with `given` for `this`. */
function withCallbacks(
  given: object,
  callbacks: string[],
  call: (callback: AnyFunction, args: unknown[]) => unknown
): object {
  // A proxy of `given` itself could not give something else for a property of what is frozen.
  return new Proxy(
    {},
    {
      has: (_, key) => Reflect.has(given, key),
      get(_, key) {
        const value: unknown = Reflect.get(given, key)
        if (typeof value !== 'function') {
          return value
        }
        const callback = value as AnyFunction
        return callbacks.includes(String(key))
          ? (...args: unknown[]) => call(callback, args)
          : callback.bind(given)
      },
    }
  )
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}
