import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { fileURLToPath } from 'node:url'
import * as node from '../../runtimes/node/index.ts'
import * as timing from '../../runtimes/timing/index.ts'

const entry = fileURLToPath(new URL('../../runtimes/timing/index.ts', import.meta.url))

describe('the entry', () => {
  it('exports the same names as that of Node', () => {
    expect(Object.keys(timing).sort()).toEqual(Object.keys(node).sort())
  })

  it('imports nothing but Hono, and names nothing of Node', async () => {
    const { metafile, outputFiles } = await build({
      entryPoints: [entry],
      bundle: true,
      write: false,
      metafile: true,
      format: 'esm',
      platform: 'neutral',
      external: ['hono', 'hono/*'],
    })
    const [output] = Object.values(metafile.outputs)
    const paths = output!.imports.map(({ path }) => path)
    expect(paths.filter((path) => path !== 'hono' && !path.startsWith('hono/'))).toEqual([])
    expect(outputFiles[0]?.text).not.toMatch(/(from|import\(|require\()\s*["']node:/)
  })
})
