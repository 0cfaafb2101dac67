import { afterAll, beforeAll, expect, it } from 'vitest'
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The smallest application on a runtime. */
interface SmallExample {
  runtime: string
  /** Arguments of the runtime's command, the example's file last. */
  args: string[]
  /** What its own response looks like. */
  own: RegExp
  /** Stands on the line that waits. */
  waits: string
}

/** Defines the tests of a smallest application: it serves, it reports, and it names the line that waits. */
export function defineExample({ runtime, args, own, waits }: SmallExample): void {
  const file = args.at(-1)!
  let server: ChildProcess
  let url: string

  beforeAll(async () => {
    server = spawn(`node_modules/.bin/${runtime}`, args, {
      cwd: root,
      env: { ...process.env, PORT: '0', NODE_ENV: 'development' },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = (await once(server.stdout!, 'data')) as [Buffer]
    url = line.toString().trim()
  })

  afterAll(async () => {
    server.kill()
    await once(server, 'exit')
  })

  it('serves its own response to a request that does not ask', async () => {
    const response = await fetch(url.replace('?profile=1', ''))
    expect(await response.text()).toMatch(own)
  })

  it('answers with the report at the URL that it prints', async () => {
    const response = await fetch(url)
    expect(response.headers.get('content-type')).toContain('text/html')
    expect(await response.text()).toContain('GET /hash/secret')
  })

  it(`shows the line that waits, and says that it ran on ${runtime}`, async () => {
    const source = await readFile(`${root}/${file}`, 'utf8')
    const line = source.split('\n').findIndex((text) => text.includes(waits)) + 1
    const tree = await (await fetch(url.replace('=1', '=text'))).text()
    expect(tree).toMatch(new RegExp(`await.*${file}:${line}\\b`))
    expect(tree).toContain(runtime)
  })
}
