import { nowUs } from './clock.ts'
import type { Inspector } from './inspector.ts'

/** Milliseconds to compute while a profile is taken. On a busy machine V8 takes some time until its first sample. */
const LENGTHS = [10, 40, 160]

interface NamedNodes {
  profile: { nodes: { callFrame: { functionName: string } }[] }
}

/**
 * Whether an inspector is that of this worker: then a profile shows what the worker does meanwhile.
 *
 * @throws When the inspector refuses.
 */
export async function isOwnInspector(inspector: Inspector): Promise<boolean> {
  await inspector.post('Profiler.enable')
  for (const ms of LENGTHS) {
    await inspector.post('Profiler.start')
    beRecognised(ms)
    const { profile } = await inspector.post<NamedNodes>('Profiler.stop')
    if (profile.nodes.some(({ callFrame }) => callFrame.functionName === beRecognised.name)) {
      return true
    }
  }
  return false
}

/** Shows in a profile by its name. */
function beRecognised(ms: number): void {
  const endUs = nowUs() + ms * 1000
  while (nowUs() < endUs) {
    // Reading the clock is what it does.
  }
}
