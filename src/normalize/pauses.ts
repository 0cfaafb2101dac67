import type { Capture } from '../adapter.ts'

/**
 * The pauses that lie within no other, in order of time. While the profiler copies a response, say, its hooks see
 * what that starts, and each is a pause of its own.
 */
export function outermost(pauses: Capture['pauses']): Capture['pauses'] {
  const startUs: number[] = []
  const endUs: number[] = []
  for (let i = 0; i < pauses.startUs.length; i++) {
    while (startUs.length > 0 && startUs.at(-1)! >= pauses.startUs[i]!) {
      startUs.pop()
      endUs.pop()
    }
    startUs.push(pauses.startUs[i]!)
    endUs.push(pauses.endUs[i]!)
  }
  return { startUs, endUs }
}
