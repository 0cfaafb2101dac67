import { render } from 'hono/jsx/dom'
import type { Packed } from '../session/packed/pack.ts'
import { unpack } from '../session/packed/pack.ts'
import type { SessionData } from '../session/records.ts'
import { App } from './app.tsx'

// render/html.ts makes both elements.
const json = document.getElementById('session')!.textContent
const report = document.getElementById('report')!

render(<App data={unpack(JSON.parse(json) as Packed) as SessionData} />, report)
