import type { ApiTracker } from '../../src/capture/await-tracker/port.ts'
import type { Restore } from '../../src/capture/patch.ts'
import { patchMethod } from '../../src/capture/patch.ts'
import type { Operation } from '../../src/capture/track.ts'

type Method = (this: object, ...args: unknown[]) => unknown

/** Sees what child processes and sockets call back, until it is undone. */
export function wrapEmitters(tracker: ApiTracker): Restore {
  const { Socket } = process.getBuiltinModule('net')
  const { ChildProcess } = process.getBuiltinModule('child_process')
  /** For which operation an emitter emits: sockets are kept and shared, so it is the last that used it. */
  const operations = new WeakMap<object, Operation>()

  const starting = (prototype: object, name: string, label: string): Restore =>
    override(prototype, name, (method) => {
      return function wrapper(...args) {
        const operation = tracker.note(label, wrapper)
        if (operation) {
          operations.set(this, operation)
        }
        return method.apply(this, args)
      }
    })
  const emitting = (prototype: object): Restore =>
    override(prototype, 'emit', (emit) => {
      return function wrapper(...args) {
        const operation = operations.get(this)
        return operation
          ? tracker.call(operation, () => emit.apply(this, args))
          : emit.apply(this, args)
      }
    })

  const restores = [
    starting(Socket.prototype, 'connect', 'Socket.connect'),
    starting(Socket.prototype, 'write', 'Socket.write'),
    emitting(Socket.prototype),
    starting(ChildProcess.prototype, 'spawn', 'spawn'),
    emitting(ChildProcess.prototype),
    wrapSpawn(tracker),
  ]
  return () => {
    for (const restore of restores) {
      restore?.()
    }
  }
}

/** `Bun.spawn`: the process ends by its promise `exited`, and by a callback among the options. */
function wrapSpawn(tracker: ApiTracker): Restore | undefined {
  return patchMethod(Bun, 'spawn', (spawn) => {
    return function wrapper(this: unknown, ...args: unknown[]) {
      const operation = tracker.note('Bun.spawn', wrapper)
      if (!operation) {
        return spawn.apply(this, args)
      }
      const child = spawn.apply(
        this,
        args.map((options) => withExit(tracker, operation, options))
      )
      tracker.settles(operation, (child as { exited: Promise<number> }).exited)
      return child
    }
  })
}

function withExit(tracker: ApiTracker, operation: Operation, options: unknown): unknown {
  if (typeof options !== 'object' || options === null || !('onExit' in options)) {
    return options
  }
  const { onExit } = options
  if (typeof onExit !== 'function') {
    return options
  }
  const callback = onExit as Method
  return {
    ...options,
    onExit(this: object, ...values: unknown[]) {
      return tracker.call(operation, () => callback.apply(this, values))
    },
  }
}

/** Gives a prototype a method before the one that it has or inherits, until it is restored. */
function override(prototype: object, name: string, wrap: (method: Method) => Method): Restore {
  const own = Object.getOwnPropertyDescriptor(prototype, name)
  const value = wrap((prototype as Record<string, Method>)[name]!)
  Object.defineProperty(prototype, name, {
    value,
    writable: true,
    enumerable: own?.enumerable ?? false,
    configurable: true,
  })
  return () => {
    if (Object.getOwnPropertyDescriptor(prototype, name)?.value !== value) {
      return
    }
    if (own) {
      Object.defineProperty(prototype, name, own)
    } else {
      Reflect.deleteProperty(prototype, name)
    }
  }
}
