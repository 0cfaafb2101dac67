import { Worker } from 'node:worker_threads'
import { interruptions } from './burn.ts'

const buffer = new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT)
const longestPulse = new Float64Array(buffer)

/** Starts to watch whether threads of this process get the processor when they want it. */
export function watchMachine(): void {
  new Worker(new URL('./pulse.js', import.meta.url), { workerData: buffer }).unref()
}

/** Forgets what was seen so far. */
export function resetDisturbance(): void {
  interruptions.longest = 0
  longestPulse[0] = 0
}

/** The longest time in milliseconds in which a thread was kept waiting since the last reset. */
export function disturbance(): number {
  return Math.max(interruptions.longest, longestPulse[0]!)
}
