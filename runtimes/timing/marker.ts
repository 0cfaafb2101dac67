import type { TextFrame } from '../../src/capture/stack-text.ts'
import { readStack, takeStack } from '../../src/capture/stack-text.ts'

/**
 * Functions whose names stand on the stacks of everything that a span calls. The names survive minifiers, which
 * leave the names of properties alone, and tell on every engine that names such functions (V8 does) to which
 * recording and span a stack belongs, and where in it the application's own functions begin.
 */
const PREFIX = 'honoProfiler'
const MARKER = /^honoProfilerSpan_(\d+)_(\d*)$/

/** The recording and span of a stack; span -1 outside of all spans. */
export interface Marked {
  recording: number
  span: number
}

/**
 * Calls `work` under a marker. A promise that it gives stays under a marker of the same name, on which V8's
 * asynchronous stacks lead through it.
 *
 * @param onEnd Called when `work` has ended: when its promise settles, if it gives one.
 */
export function callMarked<T>(
  { recording, span }: Marked,
  work: () => T,
  onReturn: () => void,
  onEnd: () => void
): T {
  const name = `${PREFIX}Span_${recording}_${span < 0 ? '' : span}`
  let result: unknown
  try {
    result = synchronous(name)(work)
  } catch (error) {
    onEnd()
    throw error
  }
  if (result instanceof Promise) {
    onReturn()
    return asynchronous(name)(result, onEnd) as T
  }
  onEnd()
  return result as T
}

function synchronous(name: string): <T>(work: () => T) => T {
  const marker = {
    [name]<T>(work: () => T): T {
      // A call in the last place would leave the stack in engines with proper tail calls.
      const result = work()
      return result
    },
  }
  return marker[name]!
}

function asynchronous(name: string): <T>(result: Promise<T>, onEnd: () => void) => Promise<T> {
  const marker = {
    async [name]<T>(result: Promise<T>, onEnd: () => void): Promise<T> {
      try {
        return await result
      } finally {
        onEnd()
      }
    },
  }
  return marker[name]!
}

/** What a frame marks; undefined for all frames but markers. */
export function markOf({ name }: TextFrame): Marked | undefined {
  const [, recording, span] = MARKER.exec(name) ?? []
  return recording === undefined
    ? undefined
    : { recording: Number(recording), span: span ? Number(span) : -1 }
}

/** Whether this engine's stacks show markers after an `await`. V8's do. */
export async function showsMarkers(): Promise<boolean> {
  const probe = async (): Promise<boolean> => {
    await Promise.resolve()
    return readStack(takeStack(takeStack)).some((frame) => markOf(frame))
  }
  const ignore = (): void => undefined
  return callMarked({ recording: 0, span: -1 }, probe, ignore, ignore)
}

/** Whether a frame is the profiler's own, and says so by its name. */
export function isOwnFrame({ name }: TextFrame): boolean {
  return name.startsWith(PREFIX)
}
