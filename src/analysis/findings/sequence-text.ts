/** What is said of awaits that follow one another, and what to do. */
interface Wording {
  subject: string
  advice: string
}

/**
 * Says what follows one another.
 *
 * @param turns How often the line with most of it awaits.
 * @param isRepeated Whether it does so again and again.
 * @param isLimited Whether the calls are started together and something lets one run at a time.
 */
export function wording(turns: number, isRepeated: boolean, isLimited: boolean): Wording {
  if (isLimited) {
    return {
      subject: `${turns} calls one at a time`,
      advice:
        'They are started together, but a limit, a pool or a lock lets one of them run at a time: allow more at once, or ask once for everything',
    }
  }
  return isRepeated
    ? {
        subject: `${turns} awaits one after another`,
        advice:
          'If none needs the result of the one before, start them together with Promise.all, or ask once for everything',
      }
    : {
        subject: 'Awaits one after the other',
        advice:
          'If the later one does not need the result of the earlier one, await both with Promise.all',
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
