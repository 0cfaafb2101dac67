import { execFileSync } from 'node:child_process'
import type { Growth } from '../../many-requests.ts'

/**
 * The memory of the Miniflare that this process has started, in megabytes. workerd collects no garbage on demand, so
 * that its heap tells nothing.
 */
export function memoryOfWorkerd(): Growth {
  const processes = execFileSync('ps', ['-axo', 'ppid=,rss=,comm='], { encoding: 'utf8' })
  const kilobytes = processes
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([parent, , command]) => Number(parent) === process.pid && command?.includes('workerd'))
    .map(([, rss]) => Number(rss))
    .filter((rss) => rss > 0)
  if (kilobytes.length !== 1) {
    throw new Error(`there are ${kilobytes.length} processes of workerd`)
  }
  return { heap: 0, rss: kilobytes[0]! / 1024 }
}
