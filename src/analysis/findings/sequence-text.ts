/** Why awaits of one function follow one another again and again. */
export type Repetition =
  /** As far as it is known, because a loop awaits. */
  | 'loop'
  /** The calls are started together, and something lets one run at a time. */
  | 'limited'
  /** All but the last have failed. */
  | 'attempts'

/** What is said of awaits that follow one another, and what to do. */
interface Wording {
  subject: string
  advice: string
}

/** Says what follows one another so many times. */
export function repeatedText(repetition: Repetition, times: number, togetherText: string): Wording {
  switch (repetition) {
    case 'limited':
      return {
        subject: `${times} calls one at a time`,
        advice: `They are started together, but a limit, a pool or a lock lets one of them run at a time: allow more at once, or ask once for everything: it could take ${togetherText}.`,
      }
    case 'attempts':
      return {
        subject: `${times} attempts one after another`,
        advice:
          'What is tried again has failed: find out why, give up earlier, or wait less between attempts.',
      }
    default:
      return {
        subject: `${times} awaits one after another`,
        advice: `If none needs the result of the one before, start them together with Promise.all, or ask once for everything: it could take ${togetherText}.`,
      }
  }
}

/** Says that two lines of a function, or more, await one after the other. */
export function differentText(togetherText: string): Wording {
  return {
    subject: 'Awaits one after the other',
    advice: `If the later one does not need the result of the earlier one, await both with Promise.all: it could take ${togetherText}.`,
  }
}

/** The lines besides the one that is told: `, together with lines 76, 82`. */
export function otherLines(lines: readonly number[], line: number): string {
  const others = lines.filter((each) => each !== line && each > 0)
  if (others.length === 0) {
    return ''
  }
  return `, together with line${others.length > 1 ? 's' : ''} ${others.join(', ')}`
}
