import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** How an example ended, and what it printed on both of its outputs. */
export interface Ending {
  code: number | null
  output: string
}

export interface Example {
  /** The URL in the first line that has one. */
  url: string
  /** Asks it to stop, as Ctrl-C does, and waits until it has. */
  stop(): Promise<Ending>
}

function spawnExample(command: string[], env: Record<string, string>) {
  const child = spawn(process.execPath, ['--import', 'tsx', ...command], {
    cwd: root,
    env: { ...process.env, NODE_ENV: 'development', ...env },
  })
  let output = ''
  const addOutput = (chunk: Buffer) => (output += chunk.toString())
  child.stdout.on('data', addOutput)
  child.stderr.on('data', addOutput)
  const ending = new Promise<Ending>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      resolve({ code, output })
    })
  })
  return { child, ending, readOutput: () => output }
}

/** Runs an example to its end. */
export async function runExample(
  command: string[],
  env: Record<string, string> = {}
): Promise<Ending> {
  return await spawnExample(command, env).ending
}

/** Starts an example that serves, and waits until it has said where. */
export async function startExample(
  command: string[],
  env: Record<string, string> = {}
): Promise<Example> {
  const { child, ending, readOutput } = spawnExample(command, env)
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', () => {
      const [found] = /http:\S+(?=\n)/.exec(readOutput()) ?? []
      if (found) {
        resolve(found)
      }
    })
    ending.then(({ output }) => {
      reject(new Error(`${command.join(' ')}: ${output}`))
    }, reject)
  })
  return {
    url,
    stop: async () => {
      child.kill('SIGINT')
      return await ending
    },
  }
}
