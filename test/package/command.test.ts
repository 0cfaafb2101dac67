import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { execFile, spawn } from 'node:child_process'
import { cp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { loadSession } from '../../runtimes/node/index.ts'
import { consoleRenderer } from '../../src/render/console.ts'
import { FORMATS } from '../../src/render/formats.ts'
import { rendererFor } from '../../src/render/index.ts'
import type { SessionData } from '../../src/session/records.ts'
import { Session } from '../../src/session.ts'
import { buildSession } from '../helpers/build-session.ts'
import { ordersSession } from '../render/orders.ts'
import type { Application } from './application.ts'
import { fromRoot, installApplication } from './application.ts'

const SESSION = 'sessions/orders.session.json'

interface Result {
  code: number
  stdout: string
  stderr: string
}

let application: Application

beforeAll(async () => {
  application = await installApplication(['tsx'])
  const session = new Session(ordersSession())
  await session.save(join(application.folder, SESSION))
  await cp(fromRoot('test/fixtures/shop/app.ts'), join(application.folder, 'app.ts'))
})

afterAll(() => application.remove())

const path = (file: string): string => join(application.folder, file)

/** Twenty requests of about that many milliseconds. */
function requests(ms: number): SessionData {
  const sessions = Array.from({ length: 20 }, (_, i) => {
    const waits = [{ path: 'handler#3', start: 0, end: ms + (i % 3) }]
    const meta = { startTime: 1_700_000_000_000 + i }
    return new Session(
      buildSession(`handler#3;[await] ${ms + (i % 3)}\nhandler 1`, { waits, meta })
    )
  })
  return Session.combine(sessions).data
}

describe.each(['node', 'bun'])('on %s', (runtime) => {
  const binary = fromRoot(`node_modules/.bin/${runtime}`)

  function ask(args: readonly string[], input?: Uint8Array): Promise<Result> {
    return new Promise((resolve) => {
      const env = { ...process.env, NO_COLOR: '1' }
      const options = { cwd: application.folder, env, maxBuffer: 2 ** 26 }
      const child = execFile(binary, [application.command, ...args], options, (error, out, err) => {
        resolve({ code: error ? Number(error.code) : 0, stdout: out, stderr: err })
      })
      child.stdin!.end(input)
    })
  }

  async function answer(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await ask(args)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    return stdout
  }

  const json = async (...args: string[]): Promise<unknown> =>
    JSON.parse(await answer(...args, '--json')) as unknown

  describe('run', () => {
    it('asks a TypeScript application, shows where the time went, and saves it', async () => {
      const file = `${runtime}.session.json`
      const options = ['--repeat', '3', '--warmup', '1', '--save', file]
      const { code, stdout, stderr } = await ask(['run', 'app.ts', '/orders?count=2', ...options])
      expect({ code, stderr }).toEqual({ code: 0, stderr: `wrote ${file}\n` })
      expect(stdout).toContain('GET /orders?count=2 → 200')
      expect(stdout).toContain('loadCustomer')
      expect(stdout).toContain('sums of 3 requests, of which the median took')
      const { meta, waits } = (await loadSession(path(file))).data
      expect(meta).toMatchObject({ runtime, runs: 3 })
      expect(meta.durations).toHaveLength(3)
      expect(meta.duration).toBeGreaterThan(3 * 2 * 5)
      expect(waits.length).toBeGreaterThanOrEqual(6)
      const functions = (await loadSession(path(file))).functions()
      const { file: source } = functions.find(
        (each) => each.function.name === 'loadCustomer'
      )!.function
      expect(source).toBe(path('app.ts'))
    })

    it('sends method, headers and body', async () => {
      const options = ['--method', 'POST', '--header', 'X-Who: me: you', '--data', '{"a":1}']
      const report = await json('run', 'app.ts', '/echo', ...options, '--repeat', '1')
      expect(report).toMatchObject({ meta: { request: { method: 'POST', status: 201 }, runs: 1 } })
      await writeFile(path('body.json'), '{"a":1}')
      const fromFile = [
        'run',
        'app.ts',
        '/echo',
        '-H',
        'X-Who:me: you',
        '-d',
        '@body.json',
        '-r',
        '1',
      ]
      expect(await answer(...fromFile, '--markdown')).toContain('POST /echo')
    })

    it('fails when requests fail, and shows them all the same', async () => {
      const { code, stdout, stderr } = await ask(['run', 'app.ts', '/broken', '-r', '2', '-w', '0'])
      expect(code).toBe(1)
      expect(stderr).toContain('hono-profiler: 2 of 2 requests failed with 500\n')
      expect(stdout).toContain('the database is gone')
    })

    it('takes anything with fetch, by the name of its export', async () => {
      const report = await json('run', 'app.ts', '/', '--export', 'shop', '-r', '1')
      expect(report).toMatchObject({ meta: { request: { status: 200 } } })
    })

    it('takes an application that was compiled to CommonJS', async () => {
      const compiled = `
        Object.defineProperty(exports, '__esModule', { value: true })
        exports.default = { fetch: () => new Response('ok') }
      `
      await writeFile(path('compiled.cjs'), compiled)
      const report = await json('run', 'compiled.cjs', '/', '-r', '1')
      expect(report).toMatchObject({ meta: { request: { status: 200 } } })
    })

    it('says what it cannot run', async () => {
      await writeFile(path('none.js'), 'export const config = {}')
      await writeFile(path('throws.js'), "throw new Error('no database')")
      const cases = [
        [['run', 'nowhere.ts', '/'], 'there is no file'],
        [['run', 'none.js', '/'], 'exports no Hono app as default export or as `app`, but config'],
        [['run', 'app.ts', '/', '--export', 'api'], 'exports no Hono app as `api`'],
        [['run', 'throws.js', '/'], 'does not load: Error: no database'],
        [['run', 'app.ts', '/', '--header', 'nonsense'], "a header is written 'Name: value'"],
      ] as const
      for (const [args, message] of cases) {
        const { code, stdout, stderr } = await ask(args)
        expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
        expect(stderr).toContain(`hono-profiler: `)
        expect(stderr).toContain(message)
      }
    })
  })

  it('show gives the report, whole or not', async () => {
    const session = new Session(ordersSession())
    expect(await answer('show', SESSION)).toBe(consoleRenderer().render(session))
    const all = consoleRenderer({ showAll: true, timeline: true }).render(session)
    expect(await answer('show', SESSION, '--all', '--timeline')).toBe(all)
    expect(await json('show', SESSION)).toMatchObject({ meta: { duration: 300 } })
    const markdown = await answer('show', SESSION, '--markdown', '--budget', '300')
    expect(markdown).toContain('GET /orders?page=2')
    expect(markdown.length).toBeLessThan(300 * 5)
  })

  it('flat, callers, callees and hot-paths answer as the session does', async () => {
    const session = new Session(ordersSession())
    expect(await json('flat', SESSION)).toEqual(session.flat())
    const query = [
      '--by',
      'total',
      '--state',
      'await',
      '--group',
      'package',
      '-n',
      '2',
      '--paths',
      'pg',
    ]
    expect(await json('flat', SESSION, ...query)).toEqual(
      session.flat({ by: 'total', state: 'await', group: 'package', n: 2, paths: ['pg'] })
    )
    expect(await json('callers', SESSION, 'acquire')).toEqual(session.callers('acquire'))
    expect(await json('callees', SESSION, 'loadOrders', '-n', 'all')).toEqual(
      session.callees('loadOrders', { n: Infinity })
    )
    expect(await json('hot-paths', SESSION, '--depth', '2')).toEqual(session.hotPaths({ depth: 2 }))
    expect((await answer('flat', SESSION, '-n', '2')).split('\n')).toEqual([
      '   time  share  function     place',
      '90.0 ms  30.0%  acquire      pg-pool/index.js:80',
      '84.0 ms  28.0%  formatPrice  /project/src/money.ts:3',
      '',
    ])
  })

  it('waits, lines, findings and middleware answer as the session does', async () => {
    const session = new Session(ordersSession())
    const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown
    expect(await json('waits', SESSION, '-n', '2')).toEqual(plain(session.waits().slice(0, 2)))
    expect(await json('lines', SESSION, '--file', 'db.ts')).toEqual(plain(session.lines('db.ts')))
    expect(await json('findings', SESSION)).toEqual(plain(session.findings()))
    expect(await json('middleware', SESSION)).toEqual([])
    expect(await answer('middleware', SESSION)).toBe('No middleware was seen.\n')
    expect(await answer('waits', SESSION)).toMatch(/^ +time .*\n60\.0 ms +20\.0% +1 .*query/)
    expect(await answer('lines', SESSION)).toContain('/project/src/money.ts:5')
  })

  it('answers in Markdown, within a budget', async () => {
    const whole = await answer('flat', SESSION, '--markdown')
    expect(whole).toMatch(/^## Self time by function\n\n\| time \| share \| function \| place \|\n/)
    const cut = await answer('flat', SESSION, '--markdown', '--budget', '90')
    expect(cut).toMatch(/\n\d+ more do not fit into 90 tokens; ask with a larger --budget\.\n$/)
    const rows = cut.split('\n').filter((line) => line.startsWith('| ') && line.includes(' ms '))
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.filter((row) => !whole.includes(row))).toEqual([])
  })

  it('does what the guide for agents says', async () => {
    const guide = await readFile(fromRoot('skill/SKILL.md'), 'utf8')
    const commands = [...guide.matchAll(/^npx hono-profiler (.+)$/gm)].map(([, command]) =>
      command!.replace('/orders/17', '/orders?count=4').replaceAll("'", '').split(' ')
    )
    expect(commands.map(([name]) => name)).toEqual(['run', 'run', 'diff', 'lines'])
    const answers: string[] = []
    for (const command of commands) {
      const { code, stdout } = await ask(command)
      expect({ command, code }).toEqual({ command, code: 0 })
      answers.push(stdout)
    }
    const [run, , diff, lines] = answers
    expect(run).toMatch(/^1\. \*\*\d+ awaits one after another in GET \/orders handler/m)
    expect(run).toMatch(/^- Read `app\.ts:\d+` first/m)
    expect(diff).toMatch(/^## /m)
    expect(lines).toContain('customers.push(await loadCustomer(id))')
  })

  it('diff tells changes from chance, and a check fails when requests became slower', async () => {
    await writeFile(path('before.json'), JSON.stringify(requests(20)))
    await writeFile(path('after.json'), JSON.stringify(requests(40)))
    const changes = await answer('diff', 'before.json', 'after.json')
    expect(changes).toMatch(/\+20\.0 ms .* the request\n/)
    expect(changes).toMatch(/\+20\.0 ms .* function handler/)
    expect(await answer('diff', 'before.json', 'before.json')).toContain(
      'the request (may be chance)'
    )
    expect(await json('diff', 'before.json', 'after.json')).toMatchObject({
      runs: { before: 20, after: 20 },
      total: { change: expect.closeTo(20, 6) as number, significant: true },
    })
    expect((await ask(['diff', 'before.json', 'after.json', '--check'])).code).toBe(3)
    expect((await ask(['diff', 'after.json', 'before.json', '--check'])).code).toBe(0)
  })

  it('diff takes the directories in which an application saves, a route at a time', async () => {
    const save = (folder: string, route: string, ms: number): Promise<unknown>[] =>
      [0, 1, 2].map((i) => {
        const meta = { description: `GET ${route}`, request: { method: 'GET', path: route, route } }
        const session = new Session(buildSession(`handler#3;[await] ${ms + i / 10}`, { meta }))
        return session.save(path(`${folder}/${route.slice(1)}-${i}.session.json`))
      })
    const [was, is] = [`was-${runtime}`, `is-${runtime}`]
    await rm(path(is), { recursive: true, force: true })
    await Promise.all([...save(was, '/orders', 20), ...save(is, '/orders', 40)])
    expect(await json('diff', was, is)).toMatchObject({
      runs: { before: 3, after: 3 },
      total: { change: expect.closeTo(20, 6) as number, significant: true },
    })
    await Promise.all(save(is, '/users', 10))
    expect((await ask(['diff', was, is])).stderr).toContain(
      `${is} holds requests of 2 routes (GET /orders, GET /users); say which with --only TEXT`
    )
    expect(await json('diff', was, is, '--only', 'GET /orders')).toMatchObject({
      runs: { before: 3, after: 3 },
    })
    expect((await ask(['diff', was, is, '--only', '/users'])).stderr).toContain(
      `there are no sessions of /users in ${was}`
    )
    expect((await ask(['show', was])).stderr).toContain(`${was} is a directory; \`list\` tells`)
  })

  it('exports every format, and imports what holds a profile', async () => {
    const session = new Session(ordersSession())
    for (const format of FORMATS.filter((each) => each !== 'pprof')) {
      const output = rendererFor(format).render(session) as string
      expect(await answer('export', SESSION, '--format', format), format).toBe(
        output.endsWith('\n') ? output : `${output}\n`
      )
    }
    for (const [format, file] of [
      ['pprof', 'out/orders.pb'],
      ['cpuprofile', 'out/orders.cpuprofile'],
    ]) {
      const exported = await ask(['export', SESSION, '-f', format!, '-o', file!])
      expect(exported).toEqual({ code: 0, stdout: '', stderr: `wrote ${file}\n` })
      const imported = Session.fromJSON(await answer('import', file!))
      expect(imported.flat()).toEqual(session.flat())
    }
    const { stdout } = await ask(['flat', '-', '--json'], await readFile(path('out/orders.pb')))
    expect(JSON.parse(stdout)).toEqual(session.flat())
  })

  it('list tells the sessions of a directory, and what is none', async () => {
    await writeFile(path('sessions/broken.session.json'), '{}')
    const listed = (await json('list', 'sessions')) as { file: string; problem?: string }[]
    expect(listed.map(({ file, problem }) => [file, problem?.slice(0, 13)])).toEqual([
      [SESSION, undefined],
      ['sessions/broken.session.json', 'not a session'],
    ])
    expect(await answer('list', 'sessions')).toContain('300.0 ms     200  GET /orders?page=2')
    expect(await answer('list', 'node_modules/.bin')).toContain('There are no sessions')
    expect((await ask(['list', 'nowhere'])).code).toBe(1)
  })

  it('open writes the page', async () => {
    expect(await ask(['open', SESSION, '--out', 'page.html'])).toMatchObject({
      code: 0,
      stdout: '',
    })
    const page = rendererFor('html').render(new Session(ordersSession()))
    expect(await readFile(path('page.html'), 'utf8')).toBe(page)
  })

  it('open serves the page on this machine, to nobody else, until it is ended', async () => {
    const args = [application.command, 'open', SESSION, '--no-browser']
    const child = spawn(binary, args, { cwd: application.folder })
    const exited = new Promise((resolve) => child.once('exit', resolve))
    const url = await new Promise<string>((resolve) => {
      child.stderr.on('data', (data) => {
        const [address] = /http:\S+/.exec(String(data)) ?? []
        if (address !== undefined) {
          resolve(address)
        }
      })
    })
    expect(new URL(url).hostname).toBe('127.0.0.1')
    const response = await fetch(url)
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(await response.text()).toContain('<!doctype html>')
    expect((await fetch(`${url}other`)).status).toBe(404)
    expect(await statusFor(url, 'evil.example')).toBe(403)
    child.kill('SIGTERM')
    expect(await exited).toBe(0)
  })

  it('ends quietly when its reader has seen enough', async () => {
    const command = `${binary} ${application.command} export ${SESSION} -f html | head -c 10; echo " $PIPESTATUS"`
    const child = spawn('bash', ['-c', command], { cwd: application.folder })
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
    expect([out, err]).toEqual(['<!doctype  0\n', ''])
  })

  it('tells wrong usage from failure', async () => {
    const usage = await ask(['flat'])
    expect(usage).toMatchObject({ code: 2, stdout: '' })
    expect(usage.stderr).toContain("missing required argument 'session'")
    for (const args of [
      ['flat', SESSION, '--by', 'size'],
      ['flat', SESSION, '-n', 'x'],
      ['profile'],
    ]) {
      expect((await ask(args)).code, args.join(' ')).toBe(2)
    }
    expect(await ask(['flat', 'nowhere.json'])).toEqual({
      code: 1,
      stdout: '',
      stderr: 'hono-profiler: there is no file nowhere.json\n',
    })
    const other = await ask(['flat', 'package.json'])
    expect(other.code).toBe(1)
    expect(other.stderr).toMatch(/^hono-profiler: package\.json: not a session: .*\n$/)
  })

  it('helps with examples, tells its version, and completes', async () => {
    const help = await answer('--help')
    expect(help).toContain('Examples:\n  hono-profiler run src/app.ts')
    expect(await answer('diff', '--help')).toContain('--check')
    const { version } = JSON.parse(await readFile(fromRoot('package.json'), 'utf8')) as {
      version: string
    }
    expect(await answer('--version')).toBe(`${version}\n`)
    expect(await answer('complete', '--', 'ca')).toMatch(/^callers\t.*\ncallees\t/)
    expect(await answer('complete', '--', 'export', SESSION, '--format', '')).toContain(
      'speedscope'
    )
    for (const shell of ['bash', 'zsh', 'fish', 'powershell']) {
      expect(await answer('complete', shell)).toContain('hono-profiler')
    }
  })
})

it('the installed command runs by itself', async () => {
  const version = spawn(application.command, ['--version'])
  expect(await text(version.stdout)).toMatch(/^\d+\.\d+\.\d+\n$/)
  expect((await readdir(join(application.folder, 'node_modules/.bin'))).length).toBe(1)
})

/** The status of an answer to a browser that takes this machine for `host`. */
function statusFor(url: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers: { host } }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    asked.on('error', reject)
    asked.end()
  })
}
