import { render } from 'hono/jsx/dom'
import type { SessionData } from '../session/records.ts'
import { App } from './app.tsx'

/** The ids that render/html.ts gives its elements. */
const data = document.getElementById('session')!.textContent
render(<App data={JSON.parse(data) as SessionData} />, document.getElementById('report')!)
