/**
 * In a bundle without a source map no file tells this package's functions. Those with such a name do, which no
 * minifier changes, as they get it from a property: `const { honoProfilerNext } = { honoProfilerNext() {} }`.
 */
const MARK = /(?:^|\W)honoProfiler([A-Z][a-z]+)$/

/** The innermost before the application's code. */
const CALLS_APPLICATION = 'Work'

/** Frames between two marks of which others are: Hono's dispatcher, or what calls on in here. */
const MOST_BETWEEN = 2

/**
 * Says which frames of a stack are this package's, as far as names tell it.
 *
 * @param names Of the functions, from the outer to the inner.
 */
export function markedFrames(names: readonly string[]): boolean[] {
  const isOwn = names.map(() => false)
  let last = { mark: CALLS_APPLICATION, at: -Infinity }
  names.forEach((name, at) => {
    const mark = MARK.exec(name)?.[1]
    if (mark !== undefined) {
      const leadsHere = last.mark !== CALLS_APPLICATION && at - last.at - 1 <= MOST_BETWEEN
      isOwn.fill(true, leadsHere ? last.at : at, at + 1)
      last = { mark, at }
    }
  })
  return isOwn
}
