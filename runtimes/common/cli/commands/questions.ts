import type { Command } from 'commander'
import type { Session } from 'hono-profiler'
import { diff } from 'hono-profiler'
import * as answers from '../answers.ts'
import type { AskOptions } from '../arguments.ts'
import {
  queryOf,
  readSource,
  wholeNumber,
  withCount,
  withQuery,
  withSession,
  withShape,
} from '../arguments.ts'
import { SLOWER } from '../exit.ts'
import { listAnswer } from '../list.ts'
import { print } from '../output.ts'
import type { ReportOptions } from '../report.ts'
import { reportOf, withReport } from '../report.ts'
import { readSide } from '../side.ts'
import type { Answer, Shape } from '../table.ts'
import { shapeAnswer } from '../table.ts'

type Asked = AskOptions & { number?: number }

interface DiffOptions extends Asked {
  all?: boolean
  check?: boolean
  only?: string
}

/** The commands that answer a question about saved sessions. */
export function addQuestionCommands(program: Command): void {
  const show = program.command('show').description('show a session: header, findings, call tree')
  withReport(withShape(withSession(show))).action(async (source: string, options: ReportOptions) =>
    print(reportOf(await readSource(source), options))
  )
  addQueries(program)
  addLists(program)
  addDiff(program)
  const list = program
    .command('list')
    .description('list the sessions and profiles of a directory, oldest first')
    .argument('<directory>', 'where sessions were saved, like the profiler’s saveDir')
  withShape(list).action(async (directory: string, options: Shape) =>
    answer(await listAnswer(directory), options)
  )
}

const answer = (found: Answer, options: Shape): Promise<void> => print(shapeAnswer(found, options))

function addQueries(program: Command): void {
  const flat = program.command('flat').description('time by function, most first')
  withShape(withQuery(withSession(flat))).action(async (source: string, options: Asked) =>
    answer(answers.flatAnswer(await readSource(source), queryOf(options)), options)
  )
  const named = [
    ['callers', 'who calls a function, by its time', answers.callersAnswer],
    ['callees', 'where the time below a function goes', answers.calleesAnswer],
  ] as const
  for (const [name, description, ask] of named) {
    const command = withSession(program.command(name).description(description))
    withShape(withQuery(command.argument('<function>', 'its name'))).action(
      async (source: string, fn: string, options: Asked) =>
        answer(ask(await readSource(source), fn, queryOf(options)), options)
    )
  }
  const hotPaths = program.command('hot-paths').description('the stacks with most time')
  withShape(withQuery(withSession(hotPaths), { group: false }))
    .option('--depth <frames>', 'the most frames of a path', wholeNumber)
    .action(async (source: string, options: Asked & { depth?: number }) => {
      const { depth } = options
      const query = { ...queryOf(options), ...(depth !== undefined && { depth }) }
      await answer(answers.hotPathsAnswer(await readSource(source), query), options)
    })
}

function addLists(program: Command): void {
  const waits = program
    .command('waits')
    .description('what was awaited, where, how long, in sequence or in parallel')
  withShape(withCount(withSession(waits))).action(async (source: string, options: Asked) =>
    answer(answers.waitsAnswer(await readSource(source), queryOf(options)), options)
  )
  const lines = withSession(program.command('lines').description('the lines with most time'))
  withShape(withCount(lines))
    .option('--file <text>', 'only files whose path contains this')
    .action(async (source: string, options: Asked & { file?: string }) =>
      answer(
        answers.linesAnswer(await readSource(source), options.file, { n: 20, ...queryOf(options) }),
        options
      )
    )
  const plain: [string, string, (session: Session) => Answer][] = [
    ['findings', 'what makes the request slow, and what to do', answers.findingsAnswer],
    ['middleware', 'the time of each middleware and handler', answers.middlewareAnswer],
  ]
  for (const [name, description, ask] of plain) {
    withShape(withSession(program.command(name).description(description))).action(
      async (source: string, options: Shape) => answer(ask(await readSource(source)), options)
    )
  }
}

function addDiff(program: Command): void {
  const command = program
    .command('diff')
    .description('what changed from one session to another, beyond what chance explains')
    .argument('<before>', 'a session, best of many requests (run --repeat), or a directory of them')
    .argument('<after>', 'the same after a change')
    .option('--only <text>', 'of directories, only requests like "GET /orders"')
    .option('--all', 'show changes that may be chance as well')
    .option('--check', `exit with ${SLOWER} when requests became slower`)
  withShape(withCount(command)).action(
    async (before: string, after: string, options: DiffOptions) => {
      const { all, number: n = 10, check, only } = options
      const difference = diff(await readSide(before, only), await readSide(after, only))
      await answer(answers.diffAnswer(difference, { n, ...(all && { all }) }), options)
      if (check && difference.total.significant && difference.total.change > 0) {
        process.exitCode = SLOWER
      }
    }
  )
}
