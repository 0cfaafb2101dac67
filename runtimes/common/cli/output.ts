import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Ends the program when the reader of a pipe (`| head`) has seen enough. */
export function endQuietlyWhenNobodyReads(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') {
        throw error
      }
      process.exit()
    })
  }
}

/** Writes to stdout, with a line end for text that has none; resolves when it is out. */
export function print(output: string | Uint8Array): Promise<void> {
  return writeTo(process.stdout, output)
}

/** A line for the person at the terminal, on stderr, apart from the output; resolves when it is out. */
export function tell(line: string): Promise<void> {
  return writeTo(process.stderr, line)
}

function writeTo(stream: NodeJS.WriteStream, output: string | Uint8Array): Promise<void> {
  const whole = typeof output === 'string' && !output.endsWith('\n') ? `${output}\n` : output
  return new Promise((resolve) => {
    stream.write(whole, () => {
      resolve()
    })
  })
}

/** Writes to a file, or to stdout without one; tells on stderr where it went. */
export async function deliver(
  output: string | Uint8Array,
  file: string | undefined
): Promise<void> {
  if (file === undefined || file === '-') {
    return print(output)
  }
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, output)
  await tell(`wrote ${file}`)
}

/** Shows how far long work is: one line that changes on a terminal, none elsewhere. */
export function progress(what: string): {
  at: (done: number, all: number) => void
  end: () => void
} {
  const { isTTY } = process.stderr
  return {
    at: (done, all) => {
      if (isTTY) {
        process.stderr.write(`\r\u001b[2K${what} ${done}/${all}`)
      }
    },
    end: () => {
      if (isTTY) {
        process.stderr.write('\r\u001b[2K')
      }
    },
  }
}

/** Whether stdout wants colours: a terminal, unless no-color.org or force-color.org say otherwise. */
export function wantsColor(): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env
  if (NO_COLOR) {
    return false
  }
  return FORCE_COLOR ? FORCE_COLOR !== '0' : process.stdout.isTTY && TERM !== 'dumb'
}
