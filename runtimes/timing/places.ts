import type { CapturedFrame, CapturedFunction } from '../../src/adapter.ts'
import type { TextFrame } from '../../src/capture/stack-text.ts'
import type { Operation } from '../../src/capture/track.ts'
import type { SpanRecord } from '../../src/session/records.ts'
import { isOwnFrame, markOf } from './marker.ts'
import type { CallPlace } from './tracker.ts'

/** Stands for the request above all spans. */
export const REQUEST_FUNCTION: CapturedFunction = native('request', 'internal:request')

/** Where the platform's functions stand, which have no file. */
const PLATFORM = 'internal:web'

/** The file of a span of which no call was seen, so that it counts as the application's. */
const UNKNOWN_FILE = 'application'

interface ReadPlace {
  span: number
  /** Whether the stack leads to the span. */
  isMarked: boolean
  /** From the span's own function on, outermost first. */
  frames: TextFrame[]
  /** The functions that spans run, as this stack has them. */
  functions: Map<number, TextFrame>
}

/** Gives spans and calls their frames: spans are frames in the tree, their own functions where a call showed them. */
export class SpanFrames {
  readonly #spans: readonly SpanRecord[]
  readonly #places = new Map<unknown, ReadPlace>()
  readonly #functions = new Map<number, CapturedFunction>()

  /** @param operations Their stacks show where the spans' functions are. */
  constructor(spans: readonly SpanRecord[], operations: readonly Operation[]) {
    this.#spans = spans
    for (const { stack } of operations) {
      if (stack !== undefined && !this.#places.has(stack)) {
        const place = readPlace(stack as CallPlace)
        this.#places.set(stack, place)
        for (const [span, frame] of place.functions) {
          this.#define(span, frame)
        }
      }
    }
  }

  /** The frames of a span, outermost first, from the request on. */
  ofSpan(span: number, lines?: ReadPlace['functions']): CapturedFrame[] {
    const frames: CapturedFrame[] = []
    for (let at = span; at >= 0; at = this.#spans[at]!.parent) {
      const { line = 0, column = 0 } = lines?.get(at) ?? {}
      frames.push({ function: this.#functionOf(at), line, column })
    }
    frames.push({ function: REQUEST_FUNCTION, line: 0, column: 0 })
    return frames.reverse()
  }

  /**
   * The frames of a call, down to the function of the platform that was called.
   *
   * @param name What was called.
   */
  ofCall({ stack }: Operation, name: string): CapturedFrame[] {
    const { span, frames, functions, isMarked } = this.#places.get(stack)!
    const [outermost] = frames
    const isSpanItself = outermost !== undefined && this.#isFunctionOf(span, outermost, isMarked)
    return [
      ...this.ofSpan(span, isSpanItself ? new Map([...functions, [span, outermost]]) : functions),
      ...frames.slice(isSpanItself ? 1 : 0).map(frameOf),
      { function: native(name, PLATFORM), line: 0, column: 0 },
    ]
  }

  /** Named functions that the user gave to `span` stand below it; everything else is the span itself. */
  #isFunctionOf(span: number, { name }: TextFrame, isMarked: boolean): boolean {
    const record = this.#spans[span]
    if (!record || record.kind === 'user') {
      return record !== undefined && isMarked && name === ''
    }
    return isMarked || (name !== '' && name === record.name)
  }

  #define(span: number, { url }: TextFrame): void {
    const record = this.#spans[span]
    if (record && url !== '' && !this.#functions.has(span)) {
      this.#functions.set(span, { name: record.name, url, line: 0, column: 0 })
    }
  }

  #functionOf(span: number): CapturedFunction {
    let found = this.#functions.get(span)
    if (!found) {
      found = native(this.#spans[span]!.name, UNKNOWN_FILE)
      this.#functions.set(span, found)
    }
    return found
  }
}

function readPlace({ frames, span }: CallPlace): ReadPlace {
  const functions = new Map<number, TextFrame>()
  let own: TextFrame[] | undefined
  let markedSpan: number | undefined
  let stretch: TextFrame[] = []
  for (const frame of frames()) {
    const mark = markOf(frame)
    if (!mark) {
      if (!isOwnFrame(frame)) {
        stretch.push(frame)
      }
      continue
    }
    const outermost = stretch.at(-1)
    if (outermost && !functions.has(mark.span)) {
      functions.set(mark.span, outermost)
    }
    own ??= stretch
    markedSpan ??= mark.span
    stretch = []
  }
  return {
    span: markedSpan ?? span,
    isMarked: markedSpan !== undefined,
    frames: (own ?? stretch).reverse(),
    functions,
  }
}

function native(name: string, url: string): CapturedFunction {
  return { name, url, line: 0, column: 0 }
}

function frameOf({ name, url, line, column }: TextFrame): CapturedFrame {
  return { function: { name, url, line: 0, column: 0 }, line, column }
}
