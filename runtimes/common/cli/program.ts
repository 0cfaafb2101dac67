import tab from '@bomb.sh/tab/commander'
import { Command } from 'commander'
import { createRequire } from 'node:module'
import { addConvertingCommands } from './commands/convert.ts'
import { addQuestionCommands } from './commands/questions.ts'
import { addRunCommand } from './commands/run.ts'

const EXAMPLES = `
Examples:
  hono-profiler run src/app.ts '/orders?page=2'                    ask an application, and show where its time goes
  hono-profiler run src/app.ts /orders --save before.session.json  keep the session
  hono-profiler findings before.session.json                       what makes it slow, and what to do
  hono-profiler lines before.session.json --markdown               the lines with most time, for an agent
  hono-profiler diff before.session.json after.session.json        what a change did, beyond chance
  hono-profiler export before.session.json --format pprof --out before.pb
  hono-profiler flat CPU.20261123.cpuprofile --by total            any profile of Node, Chrome or pprof
  source <(hono-profiler complete bash)                            completions; also zsh, fish and powershell

Exit codes: 0 done, 1 failed (run: also when requests fail), 2 wrong usage, 3 slower (diff --check).`

/** The command line, not yet parsed. It throws what goes wrong, and writes nothing but answers to stdout. */
export function createProgram(): Command {
  const program = new Command('hono-profiler')
    .description(
      "Shows where a Hono application's requests spend their time, and answers questions about saved sessions."
    )
    .version(packageVersion())
    .exitOverride()
    .showHelpAfterError('(add --help for what can be given)')
    .addHelpText('after', EXAMPLES)
  addRunCommand(program)
  addQuestionCommands(program)
  addConvertingCommands(program)
  tab(program)
  return program
}

function packageVersion(): string {
  const manifest: unknown = createRequire(import.meta.url)('hono-profiler/package.json')
  return (manifest as { version: string }).version
}
