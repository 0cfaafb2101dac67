/** A worker that runs the truth suite. */
import { defineTruth } from '../../contract-truth.ts'
import { workloads } from '../../truth/workloads/index.ts'
import { list, subject } from './subject.ts'

defineTruth(subject, workloads, { ms: 5, share: 0.08 })

export default { fetch: (request: Request) => list.answer(request) }
