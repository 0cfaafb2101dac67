/** What a runtime cannot tell, by the name of the workload that would show it, with the reason. */
export const limits: Record<string, Record<string, string>> = {
  deno: {
    'a thenable':
      'Deno does not tell when an object with a `then` of its own is awaited: its work stands below the function ' +
      'that was resumed last, instead of the one that awaits it.',
    files:
      'Deno itself computes between the parts of what it reads and writes, which the ledger of this workload counts ' +
      'as a wait.',
    'short runs that two functions share':
      'Starting a timer takes Deno up to 0.1 ms on the processor, which the ledger of this workload counts as a wait.',
  },
}
