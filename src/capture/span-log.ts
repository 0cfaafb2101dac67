import type { SpanRecord } from '../session/records.ts'
import type { ContextStorage } from './await-tracker/port.ts'

/** Which span the code that runs now belongs to. */
export interface SpanScope {
  /** -1 when it belongs to none, or it is not known. */
  current(): number
  /** Runs `work` as a part of a span. */
  run<T>(span: number, work: () => T): T
}

/** Collects the named parts of one recording. */
export class SpanLog {
  readonly #spans: SpanRecord[] = []
  readonly #nowUs: () => number
  readonly #scope: SpanScope

  /**
   * @param nowUs The recording's clock, in microseconds.
   * @param scope Knows the enclosing span; by default only in what a span calls before its first `await`.
   */
  constructor(nowUs: () => number, scope: SpanScope = synchronousScope()) {
    this.#nowUs = nowUs
    this.#scope = scope
  }

  /** Runs `work` as a span; a promise that it returns ends the span when it settles. */
  honoProfilerSpan<T>(name: string, kind: SpanRecord['kind'], work: () => T): T {
    const span: SpanRecord = {
      name,
      kind,
      startUs: this.#nowUs(),
      endUs: NaN,
      parent: this.#enclosing(),
    }
    const index = this.#spans.push(span) - 1
    const end = (): void => {
      span.endUs = this.#nowUs()
    }
    const { honoProfilerWork } = {
      // Not called as the last thing: for that JavaScriptCore would put the called in the caller's place.
      honoProfilerWork: (): T => {
        try {
          return work()
        } catch (error) {
          end()
          throw error
        }
      },
    }
    const result = this.#scope.run(index, honoProfilerWork)
    if (result instanceof Promise) {
      result.then(end, end)
    } else {
      end()
    }
    return result
  }

  /** Middleware and handlers come one after the other, so code of which nothing else is known belongs to the last. */
  #enclosing(): number {
    const known = this.#scope.current()
    return known >= 0
      ? known
      : this.#spans.findLastIndex(({ kind, endUs }) => kind !== 'user' && Number.isNaN(endUs))
  }

  /** The spans in microseconds of the recording's clock, each inside the request; open ones end with it. */
  records(startUs: number, endUs: number): SpanRecord[] {
    const clamp = (us: number): number => Math.min(Math.max(us, startUs), endUs)
    return this.#spans.map((span) => ({
      ...span,
      startUs: clamp(span.startUs),
      endUs: Number.isNaN(span.endUs) ? endUs : clamp(span.endUs),
    }))
  }
}

/**
 * Knows the enclosing span after an `await` too.
 *
 * @param storage An `AsyncLocalStorage` for spans alone; recordings may share it.
 */
export function contextScope(storage: ContextStorage): SpanScope {
  const scope: SpanScope = {
    current() {
      const store = storage.getStore() as { scope: SpanScope; span: number } | undefined
      return store?.scope === scope ? store.span : -1
    },
    run: (span, work) => storage.run({ scope, span }, work),
  }
  return scope
}

function synchronousScope(): SpanScope {
  let enclosing = -1
  return {
    current: () => enclosing,
    run(span, work) {
      const outer = enclosing
      enclosing = span
      try {
        return work()
      } finally {
        enclosing = outer
      }
    },
  }
}
