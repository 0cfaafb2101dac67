import * as esbuild from 'esbuild'
import { rolldown } from 'rolldown'
import { build as buildWithTsup } from 'tsup'
import ts from 'typescript'
import { build as buildWithVite } from 'vite'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Each tool makes something to run of the program in a folder, in a folder of that, and gives its path. */

const MAIN = 'print-program'
const EXTERNAL = ['hono', 'hono-profiler', /^hono\//]

export async function esbuildBundle(
  folder: string,
  options: esbuild.BuildOptions = { sourcemap: true }
): Promise<string> {
  const outfile = join(folder, 'esbuild', `${MAIN}.js`)
  await esbuild.build({
    entryPoints: [join(folder, `${MAIN}.ts`)],
    absWorkingDir: folder,
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    target: 'node20',
    logLevel: 'error',
    ...options,
  })
  return outfile
}

/** The map that is beside a bundle as a section of another one. */
export async function withIndexMap(script: string): Promise<string> {
  const map: unknown = JSON.parse(await readFile(`${script}.map`, 'utf8'))
  const empty = { version: 3, sources: [], names: [], mappings: '' }
  const sections = [
    { offset: { line: 0, column: 0 }, map: empty },
    { offset: { line: 1, column: 0 }, map },
  ]
  await writeFile(`${script}.map`, JSON.stringify({ version: 3, sections }))
  await writeFile(script, `// one line more\n${await readFile(script, 'utf8')}`)
  return script
}

export async function tsupBundle(folder: string, minify: boolean): Promise<string> {
  const outDir = join(folder, 'tsup')
  await buildWithTsup({
    entry: [join(folder, `${MAIN}.ts`)],
    tsconfig: join(folder, 'tsconfig.json'),
    outDir,
    format: 'esm',
    target: 'node20',
    external: EXTERNAL,
    sourcemap: true,
    minify,
    config: false,
    silent: true,
  })
  return join(outDir, `${MAIN}.js`)
}

/** What `vite build --ssr` makes. */
export async function viteBundle(folder: string): Promise<string> {
  const outDir = join(folder, 'vite')
  await buildWithVite({
    root: folder,
    configFile: false,
    logLevel: 'error',
    build: { ssr: join(folder, `${MAIN}.ts`), outDir, sourcemap: true },
  })
  return join(outDir, `${MAIN}.js`)
}

export async function rolldownBundle(folder: string, minify: boolean): Promise<string> {
  const file = join(folder, 'rolldown', `${MAIN}.js`)
  const bundle = await rolldown({
    input: join(folder, `${MAIN}.ts`),
    cwd: folder,
    platform: 'node',
    external: EXTERNAL,
    tsconfig: true,
  })
  await bundle.write({ file, sourcemap: true, minify })
  await bundle.close()
  return file
}

/** What `tsc` makes with `sourceMap`, file by file. */
export async function compileWithTsc(folder: string): Promise<string> {
  const out = join(folder, 'tsc')
  await mkdir(out, { recursive: true })
  const config = ts.readConfigFile(join(folder, 'tsconfig.json'), (path) => ts.sys.readFile(path))
  const { compilerOptions } = config.config as { compilerOptions: object }
  const { options } = ts.convertCompilerOptionsFromJson(
    {
      ...compilerOptions,
      sourceMap: true,
      sourceRoot: '..',
      rewriteRelativeImportExtensions: true,
    },
    folder
  )
  for (const name of (await readdir(folder)).filter((each) => /\.tsx?$/.test(each))) {
    const file = name.replace(/\.tsx?$/, '.js')
    const { outputText, sourceMapText } = ts.transpileModule(
      await readFile(join(folder, name), 'utf8'),
      { fileName: join(folder, name), compilerOptions: options }
    )
    await writeFile(join(out, file), outputText)
    await writeFile(join(out, `${file}.map`), sourceMapText!)
  }
  return join(out, `${MAIN}.js`)
}
