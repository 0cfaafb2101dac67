import type { Command } from 'commander'
import { collect, milliseconds, positiveNumber, wholeNumber, withShape } from '../arguments.ts'
import { deliver, print } from '../output.ts'
import type { ReportOptions } from '../report.ts'
import { reportOf, withReport } from '../report.ts'
import type { RunOptions } from '../run.ts'
import { runApp } from '../run.ts'

/** `run`: asks an application, and shows the session. */
export function addRunCommand(program: Command): void {
  const run = program
    .command('run')
    .description('import a Hono application, ask it for a path, and show where the time went')
    .argument('<app>', 'its module, in JavaScript or TypeScript, which exports the app')
    .argument('<path>', 'path and query, like "/orders?page=2"')
    .option('-X, --method <method>', 'HTTP method (default: GET, or POST with --data)')
    .option(
      '-H, --header <header>',
      "a request header, 'Name: value'; can be repeated",
      collect,
      []
    )
    .option('-d, --data <body>', 'the request body; @file reads a file')
    .option('-r, --repeat <times>', 'how many requests are recorded and merged', positiveNumber, 10)
    .option('-w, --warmup <times>', 'how many requests come before, not recorded', wholeNumber, 2)
    .option('--interval <ms>', 'milliseconds between two samples (default: 1)', milliseconds)
    .option('--export <name>', 'the export that is the app (default: the default export, or app)')
    .option('--save <file>', 'also save the session to a file')
  withReport(withShape(run)).action(
    async (app: string, path: string, options: RunOptions & ReportOptions & { save?: string }) => {
      const session = await runApp(app, path, options)
      if (options.save !== undefined) {
        await deliver(JSON.stringify(session), options.save)
      }
      await print(reportOf(session, options))
      // An application may have started a server or timers, which would go on for ever.
      process.exit()
    }
  )
}
