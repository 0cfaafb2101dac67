import type { Command } from 'commander'
import { Option } from 'commander'
import type { Format } from 'hono-profiler'
import { FORMATS, htmlRenderer, rendererFor } from 'hono-profiler'
import { readSource, wholeNumber, withSession } from '../arguments.ts'
import { servePage } from '../open.ts'
import { deliver } from '../output.ts'

/** The commands that turn sessions into something else. */
export function addConvertingCommands(program: Command): void {
  withSession(program.command('export').description('write a session in a format of other tools'))
    .addOption(
      new Option('-f, --format <format>', 'the format').choices(FORMATS).makeOptionMandatory()
    )
    .option('-o, --out <file>', 'the file (default: stdout)')
    .action(async (source: string, { format, out }: { format: Format; out?: string }) =>
      deliver(rendererFor(format).render(await readSource(source)), out)
    )
  program
    .command('import')
    .description('make a session of a .cpuprofile or a pprof profile')
    .argument('<profile>', 'the profile; - reads from stdin')
    .option('-o, --out <file>', 'the session file (default: stdout)')
    .action(async (source: string, { out }: { out?: string }) =>
      deliver(JSON.stringify(await readSource(source)), out)
    )
  withSession(program.command('open').description('open a session as a page in the browser'))
    .option('-o, --out <file>', 'write the page to a file instead')
    .option('-p, --port <port>', 'the port on this machine (default: a free one)', wholeNumber, 0)
    .option('--no-browser', 'serve the page without opening a browser')
    .action(openSession)
}

interface OpenOptions {
  out?: string
  port: number
  browser: boolean
}

async function openSession(source: string, { out, port, browser }: OpenOptions): Promise<void> {
  const renderer = htmlRenderer()
  const html = renderer.render(await readSource(source))
  if (out !== undefined) {
    await deliver(html, out)
    return
  }
  await servePage({ html, headers: renderer.headers ?? {} }, port, browser)
}
