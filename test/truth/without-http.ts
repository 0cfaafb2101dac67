/** Profiles the programs that its arguments name by `profile(fn)`, and prints a line of JSON for each. */
import { jsonRenderer, profile } from 'hono-profiler'
import type { Scope } from './ledger.ts'
import { Ledger } from './ledger.ts'
import type { JsonProfile, Measurement } from './measure.ts'
import { leastDisturbed } from './measure.ts'
import { longestGap, watchSampling } from './sampling-gaps.ts'
import { startStrangers } from './strangers.ts'

watchSampling()
startStrangers()

for (const name of process.argv.slice(2)) {
  const url = new URL(`programs/${name}.js`, import.meta.url).href
  const { main } = (await import(url)) as { main: (scope: Scope) => Promise<unknown> }
  const attempt = async (): Promise<Measurement[]> => [await measureFunction(main)]
  await attempt()
  console.log(JSON.stringify((await leastDisturbed(attempt))[0]))
}
process.exit()

async function measureFunction(main: (scope: Scope) => Promise<unknown>): Promise<Measurement> {
  const ledger = new Ledger()
  const { session } = await profile(async () => {
    ledger.start()
    await main(ledger.root)
    ledger.stop()
  })
  const json = jsonRenderer().render(session)
  const truth = { ...ledger.truth(), disturbance: longestGap(ledger.busy()) }
  return { profile: JSON.parse(json) as JsonProfile, truth }
}
