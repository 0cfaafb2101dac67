import { format, resolveConfig } from 'prettier'
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { limits, runtimes } from '../limits.ts'

const document = fileURLToPath(new URL('../../docs/runtimes.md', import.meta.url))
const BEGIN = '<!-- runtimes: printed by `npm run docs:runtimes` -->'
const END = '<!-- /runtimes -->'

/** The document as it is, and with the table that the code has. */
export async function runtimesDocument(): Promise<{ present: string; printed: string }> {
  const present = await readFile(document, 'utf8')
  const [before, rest = ''] = present.split(BEGIN)
  const after = rest.split(END)[1]
  if (before === undefined || after === undefined) {
    throw new Error(`${document} has no place for the table: ${BEGIN} ... ${END}`)
  }
  const text = [before, BEGIN, '\n\n', table(), '\n\n', END, after].join('')
  const config = await resolveConfig(document)
  return { present, printed: await format(text, { ...config, filepath: document }) }
}

function table(): string {
  const rows = runtimes.map(({ name, computing, waiting, cannot, testedOn }) =>
    [name, computing, waiting, cannot, testedOn].join(' | ')
  )
  const excluded = Object.entries(limits).flatMap(([runtime, reasons]) =>
    Object.entries(reasons).map(([workload, reason]) => `- ${runtime}, ${workload}: ${reason}`)
  )
  const head = ['runtime | computing | waiting | cannot tell | tested on', '-|-|-|-|-']
  return [...head, ...rows, ...(excluded.length > 0 ? ['', ...excluded] : [])].join('\n')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await writeFile(document, (await runtimesDocument()).printed)
}
