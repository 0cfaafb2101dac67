// Builds the report page into strings, so that rendering it needs no file system.
import { build } from 'esbuild'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'

const script = 'src/report/main.tsx'
const style = 'src/report/page.css'
const target = 'src/report/page.generated.ts'

/** Bundles and minifies the page's script and style. */
async function bundlePage() {
  const { outputFiles } = await build({
    entryPoints: [script, style],
    outdir: 'page',
    write: false,
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    legalComments: 'none',
    tsconfig: 'tsconfig/report.json',
    logLevel: 'warning',
  })
  const textOf = (/** @type {string} */ ending) =>
    outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? ''
  return { pageScript: textOf('main.js'), pageStyle: textOf('page.css') }
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

const page = existsSync(script) ? await bundlePage() : { pageScript: '', pageStyle: '' }
const source = [
  '// Built by scripts/build-page.mjs.',
  ...Object.entries(page).flatMap(([name, bundled]) => {
    const text = inlineSafe(bundled)
    return [
      `export const ${name}: string = ${JSON.stringify(text)}`,
      `export const ${name}Hash: string = ${JSON.stringify(policyHash(text))}`,
    ]
  }),
  '',
].join('\n')

// An unchanged file keeps its date, so nothing is checked again for it.
if (!existsSync(target) || readFileSync(target, 'utf8') !== source) {
  writeFileSync(target, source)
  console.log(`${target}: ${(source.length / 1024).toFixed(1)} kB`)
}
