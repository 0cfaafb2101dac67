import { expect, it } from 'vitest'
import type { Alarm } from '../../runtimes/common/ready-profile.ts'
import { ReadyProfile } from '../../runtimes/common/ready-profile.ts'

/** A sampler that lists what is live, and an alarm that rings when it is told to. */
function setUp(renewalMs: number) {
  const live: string[] = []
  let rings: (() => void)[] = []
  let isThere = true
  const alarm: Alarm = {
    set: (_ms, work) => {
      rings = [work]
    },
    clear: () => {
      rings = []
    },
  }
  const profiles = {
    start: () => {
      if (!isThere) {
        throw new Error('the inspector is gone')
      }
      const title = `profile ${live.length} of ${performance.now()}`
      live.push(title)
      return title
    },
    drop: (title: string) => void live.splice(live.indexOf(title), 1),
    live: () => live.length,
  }
  return {
    ready: new ReadyProfile(profiles, alarm, { renewalMs }),
    live,
    start: profiles.start,
    ring: () => {
      const [work] = rings
      rings = []
      work?.()
    },
    loseInspector: () => {
      isThere = false
    },
    findInspector: () => {
      isThere = true
    },
  }
}

it('keeps one profile, also after many recordings', () => {
  const { ready, live, ring } = setUp(60_000)
  ready.stayReady()
  const first = [...live]
  ready.stayReady()
  expect(live).toEqual(first)
  ring()
  expect(live).toEqual([])
})

it('replaces an old one when recordings follow each other, since its samples add up', () => {
  const { ready, live } = setUp(-1)
  ready.stayReady()
  const first = [...live]
  ready.stayReady()
  expect(live).toHaveLength(1)
  expect(live).not.toEqual(first)
})

it('keeps it while another profile is live, or it is kept for good', () => {
  const { ready, live, start, ring } = setUp(60_000)
  ready.stayReady()
  const other = start()
  ring()
  expect(live).toHaveLength(2)
  live.splice(live.indexOf(other), 1)
  ready.keepWarm(start())
  expect(live).toHaveLength(1)
  ready.restIfAlone()
  ready.stayReady()
  ring()
  expect(live).toHaveLength(1)
  ready.rest()
  expect(live).toEqual([])
})

it('ends when the inspector was taken away, until a recording finds it again', () => {
  const { ready, live, start, ring, loseInspector, findInspector } = setUp(60_000)
  ready.keepWarm(start())
  loseInspector()
  ring()
  expect(live).toEqual([])
  ready.stayReady()
  expect(live).toEqual([])
  findInspector()
  ready.stayReady()
  expect(live).toHaveLength(1)
  expect(ready.isWarm).toBe(true)
})
