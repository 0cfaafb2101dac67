import type { SpanRecord } from '../session/records.ts'

/** Collects the named parts of one recording. */
export class SpanLog {
  readonly #spans: SpanRecord[] = []
  readonly #nowUs: () => number
  #enclosing = -1

  /** @param nowUs The recording's clock, in microseconds. */
  constructor(nowUs: () => number) {
    this.#nowUs = nowUs
  }

  /** Runs `work` as a span; a promise that it returns ends the span when it settles. */
  run<T>(name: string, kind: SpanRecord['kind'], work: () => T): T {
    const span: SpanRecord = {
      name,
      kind,
      startUs: this.#nowUs(),
      endUs: NaN,
      parent: this.#enclosing,
    }
    const outer = this.#enclosing
    this.#enclosing = this.#spans.push(span) - 1
    const end = (): void => {
      span.endUs = this.#nowUs()
    }
    try {
      const result = work()
      if (result instanceof Promise) {
        result.then(end, end)
      } else {
        end()
      }
      return result
    } catch (error) {
      end()
      throw error
    } finally {
      this.#enclosing = outer
    }
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
