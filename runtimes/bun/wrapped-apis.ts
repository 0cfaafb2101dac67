import type { ApiTracker } from '../../src/capture/await-tracker/port.ts'
import type { Restore } from '../../src/capture/patch.ts'
import { wrapMethod, wrapWebApis } from '../../src/capture/wrapped-apis.ts'
import { wrapTimers } from '../../src/capture/wrapped-timers.ts'
import { wrapCallbacks } from './wrapped-callbacks.ts'
import { wrapEmitters } from './wrapped-emitters.ts'
import { wrapStreams } from './wrapped-streams.ts'

const BUN_METHODS = [
  'build',
  'connect',
  'readableStreamToArray',
  'readableStreamToArrayBuffer',
  'readableStreamToBlob',
  'readableStreamToBytes',
  'readableStreamToFormData',
  'readableStreamToJSON',
  'readableStreamToText',
  'sleep',
  'write',
  'zstdCompress',
  'zstdDecompress',
]

/** Modules whose functions all give promises. Named imports that were bound before are not replaced. */
const PROMISE_MODULES = ['fs/promises', 'timers/promises', 'dns/promises', 'stream/promises']

const FILE_METHODS = ['delete', 'exists', 'formData', 'json', 'stat', 'unlink', 'write']

/** Sees calls of the asynchronous APIs of Bun, the web, timers, callbacks, processes and sockets, until it is undone. */
export function wrapApis(tracker: ApiTracker): Restore {
  const wrap = (object: object, names: string[], label: string): (Restore | undefined)[] =>
    names.map((name) => wrapMethod(tracker, object, name, `${label}.${name}`))
  const restores = [
    wrapTimers(tracker, { global: globalThis, process }),
    wrapWebApis(tracker),
    wrapEmitters(tracker),
    wrapStreams(tracker),
    wrapCallbacks(tracker),
    ...wrap(Bun, BUN_METHODS, 'Bun'),
    ...wrap(Bun.password, ['hash', 'verify'], 'Bun.password'),
    ...wrap(Blob.prototype, FILE_METHODS, 'Blob'),
    ...PROMISE_MODULES.flatMap((name) => {
      const exports = process.getBuiltinModule(name) as Record<string, unknown>
      const functions = Object.keys(exports).filter((key) => typeof exports[key] === 'function')
      return wrap(exports, functions, name)
    }),
  ]
  return () => {
    for (const restore of restores) {
      restore?.()
    }
  }
}
