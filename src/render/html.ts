import {
  pageScript,
  pageScriptSources,
  pageStyle,
  pageStyleSources,
} from '../report/page.generated.ts'
import { packToFit } from '../session/packed/fit.ts'
import type { SessionData } from '../session/records.ts'
import type { Session } from '../session.ts'
import type { Renderer } from './renderer.ts'
import { messageText } from './summary.ts'
import { milliseconds } from './text.ts'

/** Options of `htmlRenderer`. */
export interface HtmlOptions {
  /**
   * Nonce for the page's script and style, for a server whose own policy asks for one. The page's own policy
   * needs none.
   */
  nonce?: string
  /**
   * How many characters the session may take in the page. A larger one, from some 500,000 samples on, is shown
   * with fewer samples and exact sums; `Infinity` keeps every sample.
   * @default 850_000
   */
  dataLimit?: number
}

/**
 * The Content-Security-Policy that the page brings itself and that it should be sent with: its own script and
 * style, by their hashes, and nothing else. The page asks for nothing, and nothing in it can.
 */
export const pageSecurityPolicy: string = [
  `default-src 'none'`,
  `script-src ${pageScriptSources}`,
  `style-src ${pageStyleSources}`,
  `img-src data:`,
  `base-uri 'none'`,
  `form-action 'none'`,
].join('; ')

/** Characters of session data by default: with its program of 150 kB, the page stays below 1 MB. */
const DATA_LIMIT = 850_000

/** The icon of the browser's tab: a small flame chart. Without one, browsers ask the server for it. */
const ICON =
  'data:image/svg+xml,' +
  encodeURIComponent(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path fill="#e8912a" d="M1 2h14v3H1zM1 6h9v3H1zM1 10h4v3H1z"/><path fill="#7fb0e0" d="M11 6h4v3h-4zM6 10h4v3H6z"/></svg>'
  )

/**
 * Renders a session as one HTML page that needs no network: call stack and timeline, to look at in a browser.
 *
 * @throws TypeError When `nonce` is not base64, as a nonce has to be, or `dataLimit` is not a number above 0.
 */
export function htmlRenderer({ nonce, dataLimit = DATA_LIMIT }: HtmlOptions = {}): Renderer {
  if (!(dataLimit > 0)) {
    throw new TypeError(
      `hono-profiler: dataLimit must be a number of characters above 0, not ${String(dataLimit)}`
    )
  }
  const nonceAttribute = nonce === undefined ? '' : ` nonce="${checkedNonce(nonce)}"`
  return {
    name: 'html',
    contentType: 'text/html; charset=utf-8',
    extension: 'html',
    headers: { 'content-security-policy': pageSecurityPolicy },
    render: ({ data }: Session) => pageOf(data, nonceAttribute, dataLimit),
  }
}

const HTML_ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => HTML_ESCAPES[character]!)
}

/** In the place of the report until its script runs, and for good where it may not. */
const NOT_RUN =
  'This report is drawn by a script inside the page, which has not run. Either scripts are switched off, or a ' +
  'Content-Security-Policy that came with the page (from another middleware, a proxy or a meta element) does not ' +
  `allow it. The policy to send with this page alone is <code>${escapeHtml(pageSecurityPolicy)}</code>. ` +
  'For the same as text, ask with <code>profile=text</code>.'

function pageOf(data: SessionData, nonceAttribute: string, dataLimit: number): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(pageSecurityPolicy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(titleOf(data))}</title>
<link rel="icon" href="${escapeHtml(ICON)}">
<style${nonceAttribute}>${pageStyle}</style>
</head>
<body>
<div id="report"><p class="not-run">${NOT_RUN}</p></div>
<script type="application/json" id="session">${inlineSafe(packToFit(data, dataLimit))}</script>
<script${nonceAttribute}>${pageScript}</script>
</body>
</html>
`
}

function titleOf({ meta }: SessionData): string {
  const { request, description, duration } = meta
  const what = request ? `${request.method} ${request.path}` : description
  return `${milliseconds(duration, duration)} - ${messageText(what, '…')} - hono-profiler`
}

/** Keeps JSON from ending its element or a line of script: such characters stand as `\u003c`. */
function inlineSafe(json: string): string {
  return json.replace(
    /[<\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  )
}

function checkedNonce(nonce: string): string {
  if (!/^[\w+/-]+={0,2}$/.test(nonce)) {
    throw new TypeError(`hono-profiler: nonce must be base64, not ${JSON.stringify(nonce)}`)
  }
  return nonce
}
