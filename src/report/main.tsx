import { render } from 'hono/jsx/dom'
import type { SessionData } from '../session/records.ts'
import { App } from './app.tsx'

// render/html.ts makes both elements.
const json = document.getElementById('session')!.textContent
const report = document.getElementById('report')!

render(<App data={JSON.parse(json) as SessionData} />, report)
