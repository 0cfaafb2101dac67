/**
 * Mixed load on a server that is profiled, for minutes: every body is checked, and memory and open handles are looked
 * at each 10 seconds. Prints the table that `docs/reliability.md` keeps.
 *
 *     npm run soak -- [--minutes 10] [--runtime node|bun]
 */
import { parseArgs } from 'node:util'
import type { SoakResult } from './soak/soak.ts'
import { soak } from './soak/soak.ts'
import { failuresOf, tableOf } from './soak/table.ts'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    runtime: { type: 'string', multiple: true, default: ['node', 'bun'] },
  },
})

const results: SoakResult[] = []
for (const runtime of values.runtime) {
  const result = await soak(runtime, Number(values.minutes), (line) => {
    console.error(line)
  })
  results.push(result)
}
console.log(tableOf(results))
const failures = results.flatMap(failuresOf)
for (const failure of failures) {
  console.error(failure)
}
process.exit(failures.length > 0 ? 1 : 0)
