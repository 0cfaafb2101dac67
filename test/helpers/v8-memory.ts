import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { ReadMemory } from '../many-requests.ts'

/** Reads the memory of a process that runs V8, after its garbage was collected. */
export const v8Memory: ReadMemory = () => {
  setFlagsFromString('--expose-gc')
  const collect = ((globalThis as { gc?: () => void }).gc ?? runInNewContext('gc')) as () => void
  collect()
  collect()
  const { heapUsed, rss } = process.memoryUsage()
  return { heap: heapUsed / 1e6, rss: rss / 1e6 }
}
