import type { Profiler } from '../../src/profiler.ts'

/** What the lines have that burn, in order: the head of a loop and what it repeats. */
const MARKS = ['first', 'second', 'third']

const turns = { first: 0, second: 0, third: 0 }

/** Milliseconds of each line. */
export interface LineTimes {
  measured: number[]
  truth: number[]
}

/** Burns a second in three places, and gives the milliseconds of each. */
async function burnOnThreeLines(): Promise<number[]> {
  await Promise.resolve()
  const start = performance.now()
  const firstEnd = Date.now() + 200
  while (Date.now() < firstEnd) {
    turns.first++
  }
  const second = performance.now()
  const secondEnd = Date.now() + 300
  while (Date.now() < secondEnd) {
    turns.second++
  }
  const third = performance.now()
  const thirdEnd = Date.now() + 500
  while (Date.now() < thirdEnd) {
    turns.third++
  }
  return [second - start, third - second, performance.now() - third]
}

/** Profiles a function with three burning lines. */
export async function measureLines(profile: Profiler['profile']): Promise<LineTimes> {
  const { session, value: truth } = await profile(burnOnThreeLines)
  const lines = session.lines('burning-lines')
  const measured = MARKS.map((mark) =>
    lines.reduce((sum, { text, time }) => (text?.includes(mark) ? sum + time : sum), 0)
  )
  return { measured, truth }
}

/** Rounds of which the mean counts, until what is measured is given up as wrong: the machine is shared. */
const MOST_ROUNDS = 5

/** Says what is wrong with the times of lines on average, in max(2 ms, 5 %); undefined when they are true. */
export async function findLineErrors(
  measure: () => Promise<LineTimes>
): Promise<string | undefined> {
  const rounds: LineTimes[] = []
  let errors = ''
  while (rounds.length < MOST_ROUNDS) {
    rounds.push(await measure())
    const mean = (part: keyof LineTimes, i: number): number =>
      rounds.reduce((sum, round) => sum + round[part][i]!, 0) / rounds.length
    const isWrong = (_mark: string, i: number): boolean => {
      const truth = mean('truth', i)
      return Math.abs(mean('measured', i) - truth) > Math.max(2, 0.05 * truth)
    }
    if (!MARKS.some(isWrong)) {
      return undefined
    }
    errors = MARKS.map((mark, i) => `${mark}: ${mean('measured', i)} / ${mean('truth', i)}`).join()
  }
  return errors
}
