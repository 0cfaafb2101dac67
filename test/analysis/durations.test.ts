import { expect, it } from 'vitest'
import { durationSpread } from '../../src/analysis/durations.ts'
import { consoleRenderer } from '../../src/render/console.ts'
import { markdownRenderer } from '../../src/render/markdown.ts'
import { Session } from '../../src/session.ts'
import { buildSession } from '../helpers/build-session.ts'

const merged = (...durations: number[]): Session =>
  Session.combine(durations.map((ms) => new Session(buildSession(`handler ${ms}`))))

it('the spread of durations is their quartiles and ends', () => {
  expect(durationSpread(merged(4, 1, 3, 2, 10).meta)).toEqual({
    median: 3,
    lowerQuartile: 2,
    upperQuartile: 4,
    shortest: 1,
    longest: 10,
  })
  expect(durationSpread(merged(1, 2).meta)).toMatchObject({ median: 1.5, lowerQuartile: 1.25 })
})

it('there is none of a single request', () => {
  expect(durationSpread(merged(5).meta)).toBeUndefined()
})

it('reports tell it', () => {
  expect(consoleRenderer().render(merged(2.5, 2, 3))).toContain(
    'sums of 3 requests, of which the median took 2.50 ms, half of them 2.25 ms to 2.75 ms, the longest 3.00 ms'
  )
})

it('the head of a report says at once that its times are sums', () => {
  const session = merged(2.5, 2, 3)
  expect(consoleRenderer().render(session)).toContain(
    'Duration 7.50 ms in 3 requests, median 2.50 ms   cpu'
  )
  expect(markdownRenderer().render(session)).toContain('**7.50 ms in 3 requests, median 2.50 ms**:')
})
