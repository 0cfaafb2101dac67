import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isGranted } from '../../../runtimes/deno/deno.ts'
import { profile } from '../../../runtimes/deno/index.ts'
import { checkSession } from '../../../src/session/check.ts'
import { burn } from '../../truth/burn.ts'

const maySample = isGranted({ name: 'sys', kind: 'inspector' })
const missing = maySample ? /--allow-read and --allow-env/ : /--allow-sys/

void test('says what is missing, and gives what there is', async () => {
  const { session } = await profile(async function waiting() {
    await new Promise((resolve) => setTimeout(resolve, 30))
    burn(20)
  })
  checkSession(session.data)
  const { notes, totals, sampleCount, fidelity } = session.meta
  assert.match(notes.join('\n'), missing)
  assert.ok(totals.await + totals.blocked > 25, `${totals.await} ms of waiting`)
  // How much exactly is for the truth to tell: on a busy machine Deno notices the end of a run late.
  assert.ok(totals.cpu > 10, `${totals.cpu} ms of cpu`)
  assert.equal(sampleCount > 0, maySample)
  assert.equal(fidelity.cpu.includes('not sampled'), !maySample)
})
