import type { ApiTracker } from './await-tracker/port.ts'
import type { Restore } from './patch.ts'
import { holderOf, patchMethod } from './patch.ts'
import type { Operation } from './track.ts'

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown

const BODY_METHODS = ['arrayBuffer', 'blob', 'bytes', 'formData', 'json', 'text']
const CRYPTO_METHODS = [
  'decrypt',
  'deriveBits',
  'deriveKey',
  'digest',
  'encrypt',
  'exportKey',
  'generateKey',
  'importKey',
  'sign',
  'unwrapKey',
  'verify',
  'wrapKey',
]

const CACHE_METHODS = ['add', 'addAll', 'delete', 'keys', 'match', 'matchAll', 'put']

interface WebApi {
  prototype?: object
  subtle?: object
}

/** The asynchronous functions of the web platform that take no callback, by what holds them. */
function webApis(): [label: string, holder: unknown, methods: string[]][] {
  const scope = globalThis as object as Partial<Record<string, WebApi>>
  return [
    ['', scope, ['fetch']],
    ['Response', scope.Response?.prototype, BODY_METHODS],
    ['Request', scope.Request?.prototype, BODY_METHODS],
    ['Blob', scope.Blob?.prototype, ['arrayBuffer', 'bytes', 'text']],
    ['ReadableStream', scope.ReadableStreamDefaultReader?.prototype, ['read']],
    ['crypto.subtle', scope.crypto?.subtle, CRYPTO_METHODS],
    ['scheduler', scope.scheduler, ['wait', 'yield']],
    ['caches', scope.caches, ['open', 'match', 'has', 'delete', 'keys']],
    ['Cache', scope.Cache?.prototype, CACHE_METHODS],
  ]
}

/**
 * Sees calls of the web platform's asynchronous functions, until it is undone: `fetch`, bodies, streams, `crypto.subtle`,
 * `scheduler`, caches. What a runtime does not have is left out; timers are those of `wrapTimers`.
 */
export function wrapWebApis(tracker: ApiTracker): Restore {
  const restores = webApis().flatMap(([label, holder, methods]) =>
    isObject(holder)
      ? methods.map((name) => wrapMethod(tracker, holder, name, label && `${label}.${name}`))
      : []
  )
  return () => {
    // Where requests and responses share their methods, those are replaced twice: the last goes first.
    for (const restore of restores.reverse()) {
      restore?.()
    }
  }
}

/**
 * Sees calls of a method that gives a promise, until it is undone. It is replaced where it is defined: on the
 * object, or on one of its prototypes.
 *
 * @param label What a reader calls it; the method's name by default.
 * @returns undefined when there is no such method, or it cannot be replaced.
 */
export function wrapMethod(
  tracker: ApiTracker,
  object: object,
  name: string,
  label = ''
): Restore | undefined {
  const holder = holderOf(object, name)
  return holder && patchMethod(holder, name, (method) => watched(tracker, method, label || name))
}

/**
 * An object like `target`, whose methods are seen when they are called, and so are those of what they return at
 * once: `db.prepare(sql).bind(id).all()`. For bindings: KV, R2, D1, Durable Objects, services.
 *
 * @param label What a reader calls the object; `label.method` names its calls.
 */
export function wrapObject<T extends object>(tracker: ApiTracker, target: T, label: string): T {
  const methods = new Map<PropertyKey, { method: unknown; wrapper: AnyFunction }>()
  const proxy = new Proxy(target, {
    get(_, key) {
      // Native getters and methods accept nothing but the object itself as `this`.
      const value: unknown = Reflect.get(target, key)
      if (typeof value !== 'function' || key === 'constructor' || isInvariant(target, key)) {
        return value
      }
      const known = methods.get(key)
      if (known?.method === value) {
        return known.wrapper
      }
      const wrapper = memberOf(tracker, target, value as AnyFunction, `${label}.${String(key)}`)
      methods.set(key, { method: value, wrapper })
      return wrapper
    },
  })
  targets.set(proxy, target)
  return proxy
}

/** The objects behind proxies: native code takes only the real ones as arguments. */
const targets = new WeakMap<object, object>()

function memberOf(
  tracker: ApiTracker,
  target: object,
  member: AnyFunction,
  label: string
): AnyFunction {
  const call = boundTo(tracker, target, member, label)
  return isThenable(member) ? remoteProperty(tracker, member, call, label) : call
}

/**
 * What Workers' RPC gives for each name: called, a remote method; awaited, a remote property; and else the way to one of
 * its own. `await` reads its `then` at once, so the line that awaits is known there.
 */
function remoteProperty(
  tracker: ApiTracker,
  property: AnyFunction & PromiseLike<unknown>,
  call: AnyFunction,
  label: string
): AnyFunction {
  const { honoProfilerApi } = {
    honoProfilerApi: (_: object, key: PropertyKey): unknown => {
      const operation = key === 'then' ? tracker.note(label, honoProfilerApi) : undefined
      return operation
        ? watchedThen(tracker, operation, property)
        : partOf(tracker, property, key, label)
    },
  }
  const proxy: AnyFunction = new Proxy<AnyFunction>(property, {
    apply: (_, self, args) => call.apply(self, args),
    get: honoProfilerApi,
  })
  targets.set(proxy, property)
  return proxy
}

/** A part of a thenable; of one that RPC gives, another remote property. */
function partOf(
  tracker: ApiTracker,
  thenable: PromiseLike<unknown>,
  key: PropertyKey,
  label: string
): unknown {
  const value: unknown = Reflect.get(thenable, key)
  if (typeof value !== 'function') {
    return value
  }
  const member = value as AnyFunction
  return isThenable(member)
    ? memberOf(tracker, thenable, member, `${label}.${String(key)}`)
    : member.bind(thenable)
}

function boundTo(
  tracker: ApiTracker,
  target: object,
  method: AnyFunction,
  label: string
): AnyFunction {
  const call = watched(tracker, method, label)
  return function (...args) {
    const result = call.apply(target, args.map(unwrapped))
    return isObject(result) && !isThenable(result) && hasMethods(result)
      ? wrapObject(tracker, result, label)
      : result
  }
}

function watched(tracker: ApiTracker, method: AnyFunction, label: string): AnyFunction {
  // Such names tell the profiler's own functions where no file does: see `markedFrames`.
  // eslint-disable-next-line @typescript-eslint/unbound-method
  const { honoProfilerApi } = {
    honoProfilerApi: function (this: unknown, ...args: unknown[]): unknown {
      const operation = tracker.note(label, honoProfilerApi)
      // A method of a service binding takes each of its properties for another remote method, `apply` too.
      const result: unknown = Reflect.apply(method, this, args)
      if (!operation || !isThenable(result)) {
        return result
      }
      if (result instanceof Promise) {
        tracker.settles(operation, result)
        return result
      }
      return watchedThenable(tracker, operation, result)
    },
  }
  return honoProfilerApi
}

function watchedThenable(
  tracker: ApiTracker,
  operation: Operation,
  thenable: PromiseLike<unknown>
): PromiseLike<unknown> {
  const then = watchedThen(tracker, operation, thenable)
  const proxy = new Proxy(thenable, {
    get: (_, key) => (key === 'then' ? then : partOf(tracker, thenable, key, operation.name)),
  })
  targets.set(proxy, thenable)
  return proxy
}

/** A thenable is settled when what it gives to its `then` is called: a promise in between tells when. */
function watchedThen(
  tracker: ApiTracker,
  operation: Operation,
  thenable: PromiseLike<unknown>
): PromiseLike<unknown>['then'] {
  return (onFulfilled, onRejected) => {
    const promise = new Promise((resolve, reject) => {
      void thenable.then(resolve, reject)
    })
    // Nobody awaits it but the thenable itself: with a constructor of its own it is not taken for an await.
    Reflect.defineProperty(promise, 'constructor', { value: Promise })
    tracker.settles(operation, promise)
    return promise.then(onFulfilled, onRejected)
  }
}

function unwrapped(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.some((item) => isObject(item) && targets.has(item)) ? value.map(unwrapped) : value
  }
  return isObject(value) ? (targets.get(value) ?? value) : value
}

/** A proxy must give such properties as they are. */
function isInvariant(target: object, key: PropertyKey): boolean {
  const descriptor = Object.getOwnPropertyDescriptor(target, key)
  return descriptor?.configurable === false && descriptor.writable === false
}

/** Native code compares them with real ones, and they do nothing that takes time. */
const VALUES = new Set(['[object DurableObjectId]'])

/** Plain data, like the rows of a query, is given as it is, and so are values. */
function hasMethods(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  const isPlain = Array.isArray(value) || prototype === null || prototype === Object.prototype
  return !isPlain && !VALUES.has(Object.prototype.toString.call(value))
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return isObject(value) && 'then' in value && typeof value.then === 'function'
}
