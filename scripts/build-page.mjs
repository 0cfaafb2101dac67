// Builds the report page into strings, so that rendering it needs no file system.
import { build } from 'esbuild'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { deflateRawSync } from 'node:zlib'

const target = 'src/report/page.generated.ts'

/**
 * Bundles and minifies an entry.
 * @param {string} entry
 * @param {Record<string, string>} [define]
 */
async function bundle(entry, define = {}) {
  const { outputFiles } = await build({
    entryPoints: [entry],
    write: false,
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    legalComments: 'none',
    tsconfig: 'tsconfig/report.json',
    logLevel: 'warning',
    define,
  })
  return outputFiles[0]?.text ?? ''
}

/**
 * Keeps a text from ending, or from changing, the element it is inlined in; in JavaScript and in CSS the
 * backslash does not change what the text means.
 * @param {string} text
 */
function inlineSafe(text) {
  return text.replace(/<(?=\/(script|style)|!--)/gi, '<\\').trimEnd()
}

/**
 * The hash by which a Content-Security-Policy allows an inline element.
 * @param {string} text
 */
function policyHash(text) {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}

const program = await bundle('src/report/main.tsx')
const packed = deflateRawSync(program, { level: 9 }).toString('base64')
const pageScript = inlineSafe(
  await bundle('src/report/boot.ts', { PROGRAM: JSON.stringify(packed) })
)
const pageStyle = inlineSafe(await bundle('src/report/page.css'))

/** @param {string[]} texts */
const sources = (...texts) => texts.map((text) => `'${policyHash(text)}'`).join(' ')

const source = `// Built by scripts/build-page.mjs.
export const pageScript: string = ${JSON.stringify(pageScript)}
/** The sources of a policy that allow the script, and the program that it unpacks. */
export const pageScriptSources: string = ${JSON.stringify(sources(pageScript, program))}
export const pageStyle: string = ${JSON.stringify(pageStyle)}
export const pageStyleSources: string = ${JSON.stringify(sources(pageStyle))}
`

// An unchanged file keeps its date, so nothing is checked again for it.
if (!existsSync(target) || readFileSync(target, 'utf8') !== source) {
  writeFileSync(target, source)
  console.log(`${target}: ${(source.length / 1024).toFixed(1)} kB`)
}
