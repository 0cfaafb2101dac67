/** The longest time that `burn` was kept from the processor since this was last reset, in milliseconds. */
export const interruptions = { longest: 0 }

/** Holds the processor until `ms` milliseconds have passed on the clock. */
export function burn(ms: number): void {
  let now = performance.now()
  const end = now + ms
  let sum = 0
  while (now < end) {
    for (let i = 0; i < 500; i++) {
      sum += Math.sqrt(i)
    }
    const next = performance.now()
    interruptions.longest = Math.max(interruptions.longest, next - now)
    now = next
  }
  if (Number.isNaN(sum)) {
    throw new Error('the loop was optimised away')
  }
}
