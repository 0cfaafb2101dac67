#!/usr/bin/env node
/**
 * The command `hono-profiler`. The runtime that runs it chooses the entry of the package.
 *
 * @module
 */

import { CommanderError } from 'commander'
import { FAILED, MISUSED, UserError } from './exit.ts'
import { endQuietlyWhenNobodyReads, tell } from './output.ts'
import { createProgram } from './program.ts'

const PREFIX = 'hono-profiler: '

endQuietlyWhenNobodyReads()
try {
  await createProgram().parseAsync()
} catch (error) {
  const code = await report(error)
  // An application that was imported may have timers, which would go on for ever.
  process.exit(code)
}

/** Tells what went wrong on stderr, in a line when it is the user's to change; gives the exit code. */
async function report(error: unknown): Promise<number> {
  if (error instanceof CommanderError) {
    // Commander has told it, or shown help.
    return error.exitCode === 0 ? 0 : MISUSED
  }
  const { message, stack } = error as Error
  const isExpected = error instanceof UserError || message.startsWith(PREFIX)
  await tell(isExpected ? PREFIX + message.replace(PREFIX, '') : String(stack))
  return FAILED
}
